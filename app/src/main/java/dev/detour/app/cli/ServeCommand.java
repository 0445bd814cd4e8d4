package dev.detour.app.cli;

import dev.detour.config.ConfigLoader;
import dev.detour.config.InvalidConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code detour serve}: the proxy, until the process is told to stop. */
@Command(
        name = "serve",
        description = "Serves as the configuration file says, until it is told to stop (SIGTERM).",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private final ServeTarget target;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
    private Path config = Path.of("");

    ServeCommand(ServeTarget target) {
        this.target = target;
    }

    @Override
    public Integer call() throws InvalidConfigException, IOException, CommandFailure, InterruptedException {
        target.serve(config, ConfigLoader.load(config));
        return ExitCode.OK;
    }
}
