package dev.detour.app.cli;

import dev.detour.config.DetourConfig;
import dev.detour.config.InvalidConfigException;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code detour mirror verify}: every byte of a store against what was signed. */
@Command(
        name = "verify",
        description =
                "Reads every generation of a store and compares it with its signed manifest; the instance that has it"
                        + " open is not disturbed.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 all is as it was signed, 2 something is not.")
final class MirrorVerifyCommand implements Callable<Integer> {
    private final MirrorTarget target;
    private final PrintWriter out;

    @ArgGroup(multiplicity = "1")
    private @Nullable Where where;

    @Option(names = "--mirror", paramLabel = "NAME", description = "which one of the configuration")
    private @Nullable String mirror;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "the public key that must have signed (default: the store's own)")
    private @Nullable Path key;

    /** Exactly one of these. */
    private static final class Where {
        @Option(names = "--store", paramLabel = "DIR", description = "the store's directory")
        private @Nullable Path store;

        @Option(names = "--config", paramLabel = "FILE", description = "the configuration that names it")
        private @Nullable Path config;
    }

    MirrorVerifyCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException {
        Path store = where == null ? null : where.store;
        Path trusted = key;
        if (store == null && where != null && where.config != null) {
            DetourConfig config = MirrorChoice.load(where.config);
            MirrorConfig chosen = MirrorChoice.of(config, mirror);
            if (chosen.place() instanceof StoreConfig place) {
                store = place.directory();
                trusted = trusted == null && place.follow() != null
                        ? place.follow().key()
                        : trusted;
            }
        }
        if (store == null) {
            throw CommandFailure.usage("--store or --config is missing");
        }
        return target.verify(store, trusted, out) ? ExitCode.OK : ExitCode.INVALID;
    }
}
