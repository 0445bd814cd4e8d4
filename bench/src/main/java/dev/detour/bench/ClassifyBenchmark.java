package dev.detour.bench;

import dev.detour.config.ConfigLoader;
import dev.detour.config.InvalidConfigException;
import dev.detour.proxy.route.Route;
import dev.detour.proxy.route.RouteTable;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find the route of a request among those of the PyPI preset. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ClassifyBenchmark {
    private static final String CONFIG = """
            listeners: [{address: "127.0.0.1:0"}]
            backends: {warehouse: {endpoints: ["http://127.0.0.1:1"]}}
            index: {backend: warehouse}
            """;

    /** A page, a file, a release, and what only the catch-all takes. */
    @Param({
        "/simple/requests/",
        "/packages/ab/cd/0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab/x-1.0-py3-none-any.whl",
        "/pypi/requests/2.32.0/json",
        "/no/such/page"
    })
    public String target = "";

    private final RouteTable routes = presetRoutes();
    private final HttpHeaders headers = new DefaultHttpHeaders();

    private static RouteTable presetRoutes() {
        try {
            return new RouteTable(ConfigLoader.load(CONFIG, Path.of(".")).routes());
        } catch (InvalidConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One look-up. */
    @Benchmark
    public @Nullable Route classify() {
        return routes.classify(HttpMethod.GET, "pypi.example.org", target, headers);
    }
}
