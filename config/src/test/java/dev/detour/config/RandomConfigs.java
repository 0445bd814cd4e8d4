package dev.detour.config;

import dev.detour.config.BackendConfig.Balance;
import dev.detour.config.BackendConfig.Breaker;
import dev.detour.config.BackendConfig.Endpoint;
import dev.detour.config.BackendConfig.Outlier;
import dev.detour.config.BackendConfig.Overload;
import dev.detour.config.BackendConfig.Policy;
import dev.detour.config.BackendConfig.Probe;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.config.BackendConfig.Retry;
import dev.detour.config.BackendConfig.StatusRange;
import dev.detour.config.BackendConfig.Timeouts;
import dev.detour.config.BackendConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Valid configurations in which every value that needs no file is drawn at random. */
final class RandomConfigs {
    private static final String SIGNS = "abcXYZ019 .:#{}[]&*!|>'\"%@`-_/\\,?~=ä€";

    private final Random random;

    private RandomConfigs(long seed) {
        random = new Random(seed);
    }

    /** The configuration of this number, the same each time. */
    static DetourConfig config(long seed, Path root) {
        return new RandomConfigs(seed).config(root);
    }

    private DetourConfig config(Path root) {
        Map<String, BackendConfig> backends = new LinkedHashMap<>();
        for (int i = below(3); i >= 0; i--) {
            backends.put("b" + i, backend("b" + i));
        }
        List<RouteConfig> routes = Stream.iterate(0, i -> i + 1)
                .limit(1 + below(3))
                .map(i -> route("r" + i, one(List.copyOf(backends.values()))))
                .toList();
        return new DetourConfig(
                List.of(new ListenerConfig(new HostPort("0.0.0.0", count(65_535)), null)),
                new AdminConfig(new HostPort("127.0.0.1", 0), root.resolve("no.token")),
                root.resolve("no-state"),
                maybe(this::name),
                IntStream.range(0, below(3))
                        .mapToObj(i -> new HostPort(one(List.of("10.0.0." + i, "2001:db8::" + i)), count(65_535)))
                        .toList(),
                backends,
                RandomMirrors.mirrors(random, root, List.copyOf(backends.keySet())),
                null,
                new CacheConfig(
                        1 + random.nextLong(1L << 40),
                        random.nextLong(1L << 30),
                        duration(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        count(1_000_000),
                        maybe(() ->
                                new CacheConfig.Disk(root.resolve("no-disk"), (1 << 20) + random.nextLong(1L << 40)))),
                RandomWatch.certificates(random, root),
                RandomWatch.crls(random, root),
                RandomWatch.alarms(random),
                new RefusalConfig(null, one(List.of(403, 503))),
                routes);
    }

    private BackendConfig backend(String name) {
        boolean secure = random.nextBoolean();
        Duration deadline = maybe(this::duration);
        Duration divertAfter = maybe(this::duration);
        boolean late = deadline != null && divertAfter != null && divertAfter.compareTo(deadline) >= 0;
        return new BackendConfig(
                name,
                endpoints(secure),
                new Tls(null, null, null, secure ? maybe(this::host) : null),
                new Timeouts(duration(), duration(), duration(), duration()),
                maybe(() -> probe(secure)),
                breaker(),
                outlier(),
                new Balance(one(List.of(Policy.values())), share(), span(), span()),
                overload(),
                new Retry(count(), share()),
                random.nextLong(1L << 40),
                deadline,
                late ? null : divertAfter);
    }

    private List<Endpoint> endpoints(boolean secure) {
        return IntStream.rangeClosed(0, below(64))
                .mapToObj(i -> random.nextBoolean()
                        ? new Endpoint(secure, new HostPort("h" + i, count(65_535)))
                        : new Endpoint(
                                secure, new HostPort("::" + i, i + 1), count(1000), below(10), maybe(this::name)))
                .toList();
    }

    private Probe probe(boolean secure) {
        ProbeKind kind = one(secure ? List.of(ProbeKind.values()) : List.of(ProbeKind.HTTP, ProbeKind.TCP));
        boolean http = kind == ProbeKind.HTTP;
        return new Probe(
                kind,
                http ? "/" + one(List.of("", "_health/", "a?b=c", "%20", "~")) : "/",
                http
                        ? IntStream.rangeClosed(0, below(4))
                                .mapToObj(i -> statuses())
                                .toList()
                        : List.of(new StatusRange(200, 299)),
                http ? maybe(this::text) : null,
                duration(),
                duration(),
                count(),
                count());
    }

    private StatusRange statuses() {
        int first = 200 + below(400);
        return new StatusRange(first, first + below(600 - first));
    }

    private Breaker breaker() {
        int window = count();
        return new Breaker(window, count(window), share(), duration(), share(), duration(), count(), span());
    }

    private Outlier outlier() {
        Duration ejectFor = duration();
        return new Outlier(
                count(),
                share(),
                count(),
                1 + count(Integer.MAX_VALUE - 1),
                duration(),
                ejectFor,
                ejectFor.plus(span()),
                share());
    }

    private Overload overload() {
        boolean adaptive = random.nextBoolean();
        int maximum = count();
        int perClient = random.nextBoolean() ? 0 : count(1_000_000);
        return new Overload(
                count(),
                adaptive,
                adaptive ? count(maximum) : maximum,
                maximum,
                below(Integer.MAX_VALUE),
                duration(),
                perClient,
                perClient == 0 ? 0 : count());
    }

    private RouteConfig route(String name, BackendConfig backend) {
        Duration deadline = maybe(this::duration);
        Duration divertAfter = maybe(this::duration);
        Duration earlier = divertAfter == null ? backend.divertAfter() : divertAfter;
        Duration later = deadline == null ? backend.deadline() : deadline;
        boolean late = earlier != null && later != null && earlier.compareTo(later) >= 0;
        Map<String, String> query = new HashMap<>();
        if (random.nextBoolean()) {
            query.put(text(), text());
        }
        return new RouteConfig(
                name,
                new RouteConfig.Match(maybe(this::host), "/**", Set.of("GET"), Map.of("X-A", name()), query),
                one(List.of(ApiClass.values())),
                backend.name(),
                null,
                one(List.of(List.of(Fallback.REFUSE), List.of(Fallback.STALE, Fallback.REFUSE))),
                late ? null : deadline,
                late ? null : divertAfter,
                random.nextBoolean(),
                duration());
    }

    private <T> T one(List<T> values) {
        return values.get(below(values.size()));
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextBoolean() ? value.get() : null;
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    /** From 1 to {@code most}, small ones as likely as large ones. */
    private int count(int most) {
        return 1 + below(random.nextBoolean() ? Math.min(most, 20) : most);
    }

    private int count() {
        return count(Integer.MAX_VALUE);
    }

    private double share() {
        return count(1000) / 1000.0;
    }

    private Duration duration() {
        return Duration.ofMillis(count(100_000_000));
    }

    private Duration span() {
        return random.nextBoolean() ? Duration.ZERO : duration();
    }

    private String name() {
        return one(List.of("rack-1", "null", "1", "true", "1.5", "A_b", "0x10", "1e3"));
    }

    private String host() {
        return one(List.of("a.example.org", "null", "true", "a_b", "10.0.0.1"));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = count(12); i > 0; i--) {
            text.append(SIGNS.charAt(below(SIGNS.length())));
        }
        return text.toString();
    }
}
