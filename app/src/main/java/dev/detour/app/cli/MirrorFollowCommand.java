package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
        target.follow(uri, key, store.directory(), out);
        return ExitCode.OK;
    }
}
