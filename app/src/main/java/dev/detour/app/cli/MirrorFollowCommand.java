package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import dev.detour.config.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code detour mirror follow}: what another Detour has published is taken over, once. */
@Command(
        name = "follow",
        description =
                "Takes over what detour mirror publish has written, once, and only as far as it is new. An instance does"
                        + " so by itself with follow in its configuration.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 2 refused and nothing changed.")
final class MirrorFollowCommand implements Callable<Integer> {
    /** As in a configuration that does not say. */
    private static final long FILES_LIMIT = 50L << 30;

    private final MirrorTarget target;
    private final PrintWriter out;

    @Parameters(paramLabel = "URL", description = "http, https or file")
    private String url = "";

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "public key that it must be signed with: the publisher's key/ed25519.pub")
    private Path key = Path.of("");

    @Option(
            names = "--files",
            paramLabel = "KIND",
            description =
                    "release files that are taken over: none, metadata or all (default: as configured, else none)")
    private @Nullable String files;

    @Mixin
    private StoreOption store = new StoreOption();

    MirrorFollowCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException {
        URI uri;
        try {
            uri = URI.create(url.endsWith("/") ? url : url + "/");
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("URL is " + url + " (expected: http, https or file)");
        }
        StoreConfig configured = store.configured();
        long limit = configured == null ? FILES_LIMIT : configured.filesLimit();
        target.follow(uri, key, store.directory(), kinds(configured), limit, out);
        return ExitCode.OK;
    }

    private StoreConfig.Files kinds(@Nullable StoreConfig configured) throws CommandFailure {
        if (files == null) {
            return configured == null ? StoreConfig.Files.NONE : configured.files();
        }
        for (StoreConfig.Files kind : StoreConfig.Files.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(files)) {
                return kind;
            }
        }
        throw CommandFailure.usage("--files is " + files + " (expected: none, metadata or all)");
    }
}
