package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import dev.detour.config.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "the public key that must have signed (default: the store's own)")
    private @Nullable Path key;

    MirrorVerifyCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException {
        StoreConfig configured = store.configured();
        StoreConfig.Follow follow = configured == null ? null : configured.follow();
        Path trusted = key == null && follow != null ? follow.key() : key;
        return target.verify(store.directory(), trusted, out) ? ExitCode.OK : ExitCode.INVALID;
    }
}
