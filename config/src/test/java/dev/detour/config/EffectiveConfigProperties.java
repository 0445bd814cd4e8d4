package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;

class EffectiveConfigProperties {
    @Property(tries = 200)
    void whatIsDescribedLoadsAsTheSameConfiguration(
            @ForAll @LongRange(min = 1, max = 100_000_000L) long millis,
            @ForAll @IntRange(min = 1, max = 1000) int perMille,
            @ForAll @LongRange(min = 0, max = 1L << 40) long bytes,
            @ForAll @IntRange(min = 1, max = 1000) int count,
            @ForAll @AlphaChars @NotEmpty String value)
            throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Duration duration = Duration.ofMillis(millis);
        double share = perMille / 1000.0;
        BackendConfig backend = new BackendConfig(
                "b",
                List.of(new BackendConfig.Endpoint(true, new HostPort("::1", count))),
                new BackendConfig.Tls(null, null, null, null),
                new BackendConfig.Timeouts(duration, duration, duration, duration),
                new BackendConfig.Probe(
                        BackendConfig.ProbeKind.HTTP,
                        "/",
                        List.of(new BackendConfig.StatusRange(200, 299)),
                        null,
                        duration,
                        duration,
                        count,
                        count),
                new BackendConfig.Breaker(count, count, share, duration, share, duration, count, Duration.ofSeconds(5)),
                ConfigFiles.OUTLIER,
                ConfigFiles.BALANCE,
                ConfigFiles.OVERLOAD,
                new BackendConfig.Retry(count, share),
                bytes,
                null,
                null);
        RouteConfig route = new RouteConfig(
                "r",
                new RouteConfig.Match(null, "/**", Set.of("GET"), Map.of("X-A", value), Map.of(value, value)),
                ApiClass.OTHER,
                "b",
                null,
                List.of(Fallback.REFUSE));
        DetourConfig config = new DetourConfig(
                List.of(new ListenerConfig(new HostPort("0.0.0.0", count), null)),
                new AdminConfig(new HostPort("127.0.0.1", 0), root.resolve("no.token")),
                root.resolve("no-state"),
                null,
                List.of(),
                Map.of("b", backend),
                Map.of(),
                null,
                new CacheConfig(bytes),
                new RefusalConfig(null, 503),
                List.of(route));

        assertThat(ConfigLoader.load(EffectiveConfig.describe(config), root)).isEqualTo(config);
    }
}
