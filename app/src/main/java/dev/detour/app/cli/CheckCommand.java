package dev.detour.app.cli;

import dev.detour.config.ConfigLoader;
import dev.detour.config.DetourConfig;
import dev.detour.config.EffectiveConfig;
import dev.detour.config.Fallback;
import dev.detour.config.InvalidConfigException;
import dev.detour.config.Problem;
import dev.detour.config.RouteConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code detour check}: every problem of a configuration file, or what it amounts to. */
@Command(
        name = "check",
        description = "Checks a configuration file: prints every problem (exit code 2), or the configuration in"
                + " force with its defaults and routes.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private final PrintWriter out;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "the configuration file")
    private Path config = Path.of("");

    @Option(names = "--json", description = "prints the result as JSON")
    private boolean json;

    CheckCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InvalidConfigException {
        try {
            DetourConfig loaded = ConfigLoader.load(config);
            String effective = EffectiveConfig.describe(loaded);
            out.print(json ? Json.line(Report.valid(config, loaded, effective)) : effective);
            out.flush();
            return ExitCode.OK;
        } catch (InvalidConfigException e) {
            if (!json) {
                throw e;
            }
            out.print(Json.line(new Report(false, config.toString(), e.problems(), List.of(), null)));
            out.flush();
            return ExitCode.INVALID;
        }
    }

    /**
     * The result for programs.
     *
     * @param configuration the configuration in force, as YAML; null if it is not valid
     */
    private record Report(
            boolean valid,
            String file,
            List<Problem> problems,
            List<Route> routes,
            @Nullable String configuration) {
        static Report valid(Path file, DetourConfig config, String effective) {
            List<Route> routes = config.routes().stream().map(Route::of).toList();
            return new Report(true, file.toString(), List.of(), routes, effective);
        }
    }

    private record Route(
            String name,
            String api,
            String path,
            String backend,
            @Nullable String mirror,
            List<String> fallback) {
        static Route of(RouteConfig route) {
            return new Route(
                    route.name(),
                    route.api().label(),
                    route.match().path(),
                    route.backend(),
                    route.mirror(),
                    route.fallback().stream().map(Fallback::label).toList());
        }
    }
}
