package dev.detour.app.serve;

import dev.detour.admin.AdminRoute;
import dev.detour.admin.AdminServer;
import dev.detour.admin.MetricsRoute;
import dev.detour.admin.ProbeRoutes;
import dev.detour.admin.cache.CacheRoutes;
import dev.detour.admin.mirror.MirrorRoutes;
import dev.detour.admin.mirror.TombstoneRoutes;
import dev.detour.admin.mode.ModeMeters;
import dev.detour.admin.mode.ModeRoutes;
import dev.detour.admin.mode.Places;
import dev.detour.admin.status.StatusRoutes;
import dev.detour.app.watch.WatchMeters;
import dev.detour.app.watch.Watching;
import dev.detour.config.DetourConfig;
import dev.detour.config.RouteConfig;
import dev.detour.fleet.AuditLog;
import dev.detour.fleet.LocalOperatorState;
import dev.detour.fleet.OperatorState;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.tombstone.Tombstones;
import dev.detour.proxy.Proxy;
import dev.detour.proxy.ProxyEnvironment;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.exchange.ExchangeObserver;
import dev.detour.proxy.observe.AccessLog;
import dev.detour.proxy.observe.CacheMeters;
import dev.detour.proxy.observe.EndpointMeters;
import dev.detour.proxy.observe.ExchangeMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running instance. It owns everything it starts, and stops it in the opposite order. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final Proxy proxy;
    private final AdminServer admin;
    private final OperatorState state;

    private Server(DetourConfig config, OutputStream accessLines, List<AdminRoute> extraRoutes) throws IOException {
        try {
            Clock clock = Clock.systemUTC();
            PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            started.push(registry::close);
            ScheduledExecutorService scheduler =
                    Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-timer", true));
            started.push(scheduler::shutdownNow);
            state = own(LocalOperatorState.open(config.state(), clock, scheduler));
            Tombstones tombstones = Tombstones.open(config.state(), clock);
            MirrorSet mirrorSet = own(MirrorSet.open(config, tombstones::inForce, registry, version(), clock));
            Map<String, Mirror> mirrors = mirrorSet.mirrors();
            ExchangeMeters meters = new ExchangeMeters(registry, System::nanoTime);
            CacheMeters cacheMeters = new CacheMeters(registry);
            AccessLog accessLog = own(new AccessLog(accessLines, clock, System::nanoTime));
            MirrorFitness fitness = MirrorFitness.watch(mirrors, scheduler);
            proxy = own(Proxy.start(
                    config,
                    new ProxyEnvironment(
                            mirrors,
                            mirrorSet.captures(),
                            fitness::anyFit,
                            ExchangeObserver.all(List.of(meters, cacheMeters, accessLog)),
                            new BreakerLog(),
                            new EndpointLog(),
                            clock,
                            System::nanoTime,
                            loops())));
            proxy.backends().forEach(meters::watch);
            mirrorSet.start(proxy.backends());
            cacheMeters.watch(proxy.cache());
            EndpointMeters endpointMeters = new EndpointMeters(registry, proxy.backends());
            var unused = scheduler.scheduleWithFixedDelay(endpointMeters::refresh, 0, 1, TimeUnit.SECONDS);
            state.onChange(proxy::setModes);
            state.onDrains(proxy::setDrains);
            ModeMeters.bind(state, registry);
            Watching watching = own(Watching.start(
                    config,
                    secured(config, proxy.addresses()),
                    proxy.backends(),
                    new WatchMeters(registry, clock),
                    clock));
            List<AdminRoute> routes = adminRoutes(config, registry, mirrors, watching, clock, extraRoutes);
            AuditLog audit = new AuditLog(config.state());
            routes.addAll(MirrorRoutes.of(mirrors, mirrorSet.stores(), audit, clock));
            routes.addAll(watching.routes());
            routes.addAll(TombstoneRoutes.of(tombstones, audit, proxy::cache, mirrors::values, clock));
            admin = own(AdminServer.start(config.admin(), routes));
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts to serve.
     *
     * @param accessLines where the access log goes; stays open
     * @param extraRoutes admin routes beside the usual ones
     * @throws IOException if something cannot be started; the message is one line for the operator
     */
    public static Server start(DetourConfig config, OutputStream accessLines, List<AdminRoute> extraRoutes)
            throws IOException {
        Server server = new Server(config, accessLines, extraRoutes);
        for (InetSocketAddress address : server.addresses()) {
            LOG.info("listening on {}:{}", address.getAddress().getHostAddress(), address.getPort());
        }
        long cached = server.proxy.cache().statistics().capacity();
        if (cached < config.cache().memory()) {
            LOG.info(
                    "cache.memory: {} bytes (using {}, half of what this JVM may use outside of its heap)",
                    config.cache().memory(),
                    cached);
        }
        LOG.info(
                "admin API on {}:{}",
                config.admin().address().host(),
                server.adminAddress().getPort());
        return server;
    }

    private List<AdminRoute> adminRoutes(
            DetourConfig config,
            PrometheusMeterRegistry registry,
            Map<String, Mirror> mirrors,
            Watching watching,
            Clock clock,
            List<AdminRoute> extraRoutes) {
        Set<String> routes = config.routes().stream().map(RouteConfig::name).collect(Collectors.toSet());
        Places places = new Places(config.backends().keySet(), routes);
        List<AdminRoute> all = new ArrayList<>(extraRoutes);
        all.add(ProbeRoutes.live());
        all.add(ProbeRoutes.ready(new FirstLook(proxy::unexamined, mirrors)::readiness));
        all.add(MetricsRoute.of(registry));
        all.addAll(ModeRoutes.of(state, () -> places, clock));
        all.addAll(CacheRoutes.of(proxy::cache));
        all.addAll(StatusRoutes.of(
                () -> proxy.backends().stream().map(Backend::status).toList(),
                () -> statusOf(mirrors),
                () -> proxy.cache().statistics(),
                watching::findings,
                state,
                version(),
                clock));
        return all;
    }

    /** Those of the listeners that speak TLS; addresses are in the order of the configuration. */
    private static List<InetSocketAddress> secured(DetourConfig config, List<InetSocketAddress> addresses) {
        return IntStream.range(0, addresses.size())
                .filter(i -> config.listeners().get(i).tls() != null)
                .mapToObj(addresses::get)
                .toList();
    }

    private static String version() {
        return Objects.requireNonNullElse(Server.class.getPackage().getImplementationVersion(), "(not packaged)");
    }

    private static Map<String, MirrorStatus> statusOf(Map<String, Mirror> mirrors) {
        Map<String, MirrorStatus> statuses = new LinkedHashMap<>();
        mirrors.forEach((name, mirror) -> statuses.put(name, mirror.status()));
        return statuses;
    }

    /** One event loop for each core, unless the system property {@code detour.loops} says otherwise. */
    private static int loops() {
        return Math.max(
                1, Integer.getInteger("detour.loops", Runtime.getRuntime().availableProcessors()));
    }

    /** Where clients connect, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return proxy.addresses();
    }

    /** Where the admin API listens. */
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** The operator's decisions in force. */
    public OperatorState state() {
        return state;
    }

    private <T extends AutoCloseable> T own(T resource) {
        started.push(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable resource = started.poll(); resource != null; resource = started.poll()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("stopping: {}", e.toString());
            }
        }
    }
}
