package dev.detour.proxy;

import dev.detour.config.AdminConfig;
import dev.detour.config.AlarmsConfig;
import dev.detour.config.ApiClass;
import dev.detour.config.BackendConfig;
import dev.detour.config.CacheConfig;
import dev.detour.config.CertificatesConfig;
import dev.detour.config.CrlsConfig;
import dev.detour.config.DetourConfig;
import dev.detour.config.Fallback;
import dev.detour.config.HostPort;
import dev.detour.config.ListenerConfig;
import dev.detour.config.RefusalConfig;
import dev.detour.config.RouteConfig;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.proxy.exchange.ExchangeObserver;
import dev.detour.proxy.observe.AccessLog;
import dev.detour.proxy.observe.CacheMeters;
import dev.detour.proxy.observe.ExchangeMeters;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.TestIdentity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link RunningProxy} is started from. Without further words: no mirror, one attempt, a breaker that does not open,
 * limits that no test reaches.
 */
public final class ProxyDescription {
    private static final Set<String> READ = Set.of("GET", "HEAD");
    private static final String MIRROR = "local";
    private static final BackendConfig.Breaker NEVER_OPENS =
            new BackendConfig.Breaker(10_000, 10_000, 1.0, Duration.ofMinutes(10), 1.0, Duration.ofSeconds(5), 1);

    private static final BackendConfig.Outlier NEVER_EJECTS = new BackendConfig.Outlier(
            Integer.MAX_VALUE,
            1.0,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            1.0);
    private static final BackendConfig.Overload NO_LIMITS =
            new BackendConfig.Overload(100_000, false, 1, 100_000, 0, Duration.ofSeconds(1), 0, 0);

    private final List<BackendConfig.Endpoint> endpoints = new ArrayList<>();
    private final List<RouteConfig> ownRoutes = new ArrayList<>();
    private final Map<String, BackendConfig.Endpoint> others = new LinkedHashMap<>();
    private BackendConfig.Tls tls = new BackendConfig.Tls(null, null, null, null);
    private Duration connect = Duration.ofSeconds(5);
    private Duration handshake = Duration.ofSeconds(5);
    private Duration firstByte = Duration.ofSeconds(10);
    private Duration betweenBytes = Duration.ofSeconds(10);
    private BackendConfig.Breaker breaker = NEVER_OPENS;
    private BackendConfig.Retry retry = new BackendConfig.Retry(1, 1.0);
    private BackendConfig.Outlier outlier = NEVER_EJECTS;
    private BackendConfig.Balance balance =
            new BackendConfig.Balance(BackendConfig.Policy.ROUND_ROBIN, 0.3, Duration.ZERO, Duration.ZERO);
    private BackendConfig.Overload overload = NO_LIMITS;
    private BackendConfig.@Nullable Probe probe;
    private @Nullable Duration deadline;
    private @Nullable Duration divertAfter;
    private List<HostPort> nameServers = List.of();
    private long holdUpTo = 64 * 1024;
    private int uploadOutageStatus = 403;
    private CacheConfig cache = Caches.none();
    private @Nullable Mirror mirror;
    private @Nullable CaptureSink capture;
    private ListenerConfig.@Nullable Tls identity;
    private @Nullable ManualClock clock;

    ProxyDescription() {}

    /** The endpoints of backend {@code warehouse}, in order; after others already named. */
    public ProxyDescription endpoints(FakeBackend... backends) {
        Arrays.stream(backends).map(FakeBackend::url).forEach(this::endpoint);
        return this;
    }

    /** One more endpoint of backend {@code warehouse}. */
    public ProxyDescription endpoint(String url) {
        endpoints.add(endpointOf(url));
        return this;
    }

    /** One more endpoint, asked only when those named before it cannot be. */
    public ProxyDescription thenEndpoint(FakeBackend backend) {
        BackendConfig.Endpoint endpoint = endpointOf(backend.url());
        endpoints.add(new BackendConfig.Endpoint(endpoint.secure(), endpoint.address(), 1, endpoints.size(), null));
        return this;
    }

    private static BackendConfig.Endpoint endpointOf(String url) {
        URI uri = URI.create(url);
        return new BackendConfig.Endpoint(uri.getScheme().equals("https"), new HostPort(uri.getHost(), uri.getPort()));
    }

    /** Another backend, with a route of the same name for everything below {@code /name/}. */
    public ProxyDescription backend(String name, FakeBackend backend) {
        others.put(name, endpointOf(backend.url()));
        String path = "/" + name + "/**";
        ownRoutes.add(route(name, path, Set.of(), ApiClass.OTHER, name));
        return this;
    }

    /** One more route to backend {@code warehouse}, tried before the others. */
    public ProxyDescription route(String name, String path, Set<String> methods, ApiClass api) {
        ownRoutes.add(route(name, path, methods, api, "warehouse"));
        return this;
    }

    /** A route to backend {@code warehouse} whose statuses say nothing about it. */
    public ProxyDescription routeOfErrorPages(String path) {
        ownRoutes.add(new RouteConfig(
                "error-pages",
                new RouteConfig.Match(null, path, Set.of(), Map.of(), Map.of()),
                ApiClass.OTHER,
                "warehouse",
                null,
                List.of(Fallback.REFUSE),
                null,
                null,
                false,
                Duration.ofDays(1)));
        return this;
    }

    /** The only authority trusted with backends. */
    public ProxyDescription trust(Path authority) {
        tls = new BackendConfig.Tls(authority, null, null, null);
        return this;
    }

    /** Whom to trust with backends, and who to say we are. */
    public ProxyDescription tls(BackendConfig.Tls settings) {
        tls = settings;
        return this;
    }

    public ProxyDescription connect(Duration limit) {
        connect = limit;
        return this;
    }

    public ProxyDescription handshake(Duration limit) {
        handshake = limit;
        return this;
    }

    public ProxyDescription firstByte(Duration limit) {
        firstByte = limit;
        return this;
    }

    public ProxyDescription betweenBytes(Duration limit) {
        betweenBytes = limit;
        return this;
    }

    public ProxyDescription breaker(BackendConfig.Breaker breaker) {
        this.breaker = breaker;
        return this;
    }

    public ProxyDescription attempts(int attempts) {
        retry = new BackendConfig.Retry(attempts, retry.budget());
        return this;
    }

    /** The port on loopback of the only name server asked; the system's otherwise. */
    public ProxyDescription nameServer(int port) {
        nameServers = List.of(new HostPort("127.0.0.1", port));
        return this;
    }

    /** When single endpoints are ejected; never otherwise. */
    public ProxyDescription outlier(BackendConfig.Outlier rule) {
        outlier = rule;
        return this;
    }

    /** How endpoints are picked; in turn otherwise. */
    public ProxyDescription balance(BackendConfig.Balance rule) {
        balance = rule;
        return this;
    }

    /** How much of the backend is used at a time; anything otherwise. */
    public ProxyDescription overload(BackendConfig.Overload limits) {
        overload = limits;
        return this;
    }

    /** Probes of the endpoints; none otherwise. */
    public ProxyDescription probe(BackendConfig.Probe every) {
        probe = every;
        return this;
    }

    public ProxyDescription deadline(Duration limit) {
        deadline = limit;
        return this;
    }

    public ProxyDescription divertAfter(Duration limit) {
        divertAfter = limit;
        return this;
    }

    public ProxyDescription holdUpTo(long bytes) {
        holdUpTo = bytes;
        return this;
    }

    /** The response cache; none otherwise. */
    public ProxyDescription cache(CacheConfig cache) {
        this.cache = cache;
        return this;
    }

    /** The mirror that Simple pages and files are diverted to. */
    public ProxyDescription mirror(Mirror mirror) {
        this.mirror = mirror;
        return this;
    }

    /** Who copies what passes, for the mirror. */
    public ProxyDescription capture(CaptureSink sink) {
        capture = sink;
        return this;
    }

    /** A second listener, with TLS. */
    public ProxyDescription identity(TestIdentity identity, Path directory) {
        this.identity = new ListenerConfig.Tls(identity.write(directory), identity.keyFile(directory));
        return this;
    }

    /** The clock for everything; the system's otherwise. */
    public ProxyDescription clock(ManualClock clock) {
        this.clock = clock;
        return this;
    }

    /** Starts it. */
    public RunningProxy start() throws IOException {
        Clock wall = clock != null ? clock : Clock.systemUTC();
        LongSupplier nanos = clock != null ? clock.nanoTime() : System::nanoTime;
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        AccessLog log = new AccessLog(lines, wall, nanos);
        Map<String, Mirror> mirrors = mirror == null ? Map.of() : Map.of(MIRROR, mirror);
        ProxyEnvironment environment = new ProxyEnvironment(
                mirrors,
                capture == null ? Map.of() : Map.of(MIRROR, capture),
                () -> mirror != null,
                ExchangeObserver.all(List.of(log, new ExchangeMeters(registry, nanos), new CacheMeters(registry))),
                (backend, from, to, last) -> {},
                (backend, endpoint, from, to, because) -> {},
                wall,
                nanos,
                1);
        try {
            return new RunningProxy(Proxy.start(config(), environment), registry, lines, log);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private DetourConfig config() {
        List<ListenerConfig> listeners = new ArrayList<>();
        listeners.add(new ListenerConfig(new HostPort("127.0.0.1", 0), null));
        if (identity != null) {
            listeners.add(new ListenerConfig(new HostPort("127.0.0.1", 0), identity));
        }
        Map<String, BackendConfig> backends = new LinkedHashMap<>();
        backends.put("warehouse", backend("warehouse", endpoints));
        others.forEach((name, endpoint) -> backends.put(name, backend(name, List.of(endpoint))));
        return new DetourConfig(
                listeners,
                new AdminConfig(new HostPort("127.0.0.1", 0), Path.of("admin.token")),
                Path.of("state"),
                null,
                nameServers,
                backends,
                Map.of(),
                null,
                cache,
                new CertificatesConfig(Duration.ofMinutes(1), Duration.ofMinutes(5), null, null, List.of()),
                new CrlsConfig(Duration.ofMinutes(15), List.of(), null),
                new AlarmsConfig(null, List.of()),
                new RefusalConfig(null, uploadOutageStatus),
                routes());
    }

    private BackendConfig backend(String name, List<BackendConfig.Endpoint> addresses) {
        return new BackendConfig(
                name,
                addresses,
                tls,
                new BackendConfig.Timeouts(connect, handshake, firstByte, betweenBytes),
                probe,
                breaker,
                outlier,
                balance,
                overload,
                retry,
                holdUpTo,
                deadline,
                divertAfter);
    }

    private List<RouteConfig> routes() {
        List<RouteConfig> routes = new ArrayList<>(ownRoutes);
        routes.add(route("simple", "/simple/{project}/", READ, ApiClass.SIMPLE, "warehouse"));
        routes.add(route("json", "/pypi/{project}/json", READ, ApiClass.JSON, "warehouse"));
        routes.add(route("web", "/project/**", READ, ApiClass.WEB, "warehouse"));
        routes.add(route("files", "/packages/**", READ, ApiClass.FILE, "warehouse"));
        routes.add(route("upload", "/legacy/", Set.of("POST"), ApiClass.UPLOAD, "warehouse"));
        routes.add(route("other", "/**", Set.of(), ApiClass.OTHER, "warehouse"));
        return routes;
    }

    private RouteConfig route(String name, String path, Set<String> methods, ApiClass api, String backend) {
        return new RouteConfig(
                name,
                new RouteConfig.Match(null, path, methods, Map.of(), Map.of()),
                api,
                backend,
                mirror == null ? null : MIRROR,
                List.of(Fallback.STALE, Fallback.MIRROR, Fallback.REFUSE));
    }
}
