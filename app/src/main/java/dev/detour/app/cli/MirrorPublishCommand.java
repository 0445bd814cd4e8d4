package dev.detour.app.cli;

import dev.detour.config.InvalidConfigException;
import dev.detour.config.Units;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code detour mirror publish}: a store for other edges to follow. */
@Command(
        name = "publish",
        description =
                "Writes the served state of a store as files that never change and a signed pointer, for any web server"
                        + " or object store. Only what is new is written.",
        mixinStandardHelpOptions = true,
        footer = "Exit codes: 0 done, 2 refused.")
final class MirrorPublishCommand implements Callable<Integer> {
    private final MirrorTarget target;
    private final PrintWriter out;

    @Parameters(paramLabel = "DIR", description = "what the web server serves, or what is copied to it")
    private Path directory = Path.of("");

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            description = "followers report it as old after this time (default: 24h)")
    private String lifetime = "24h";

    @Mixin
    private StoreOption store = new StoreOption();

    MirrorPublishCommand(MirrorTarget target, PrintWriter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public Integer call() throws CommandFailure, InvalidConfigException, IOException {
        Duration length;
        try {
            length = Units.duration(lifetime);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--lifetime is " + e.getMessage());
        }
        target.publish(directory, store.directory(), length, out);
        return ExitCode.OK;
    }
}
