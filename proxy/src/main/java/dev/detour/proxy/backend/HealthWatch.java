package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.config.HostPort;
import dev.detour.health.failure.Failure;
import dev.detour.health.probe.ProbeListener;
import dev.detour.health.probe.ProbeTarget;
import dev.detour.health.probe.Prober;
import dev.detour.health.probe.Watch;
import dev.detour.health.tls.PeerValidity;
import dev.detour.proxy.loop.Transport;
import dev.detour.proxy.resolve.NameListener;
import dev.detour.proxy.resolve.NameWatch;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after all endpoints on a thread of its own: looks names up, probes, and ends ejections in time. The data path never
 * waits for any of it.
 */
public final class HealthWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthWatch.class);
    private static final long TICK_MILLIS = 100;

    private final EventLoopGroup group;
    private final NameWatch names;
    private final Prober prober;
    private final Map<Endpoint, Watch> probes = new HashMap<>();
    /** What has not had its first look-up or first probe. */
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

    private volatile boolean firstRoundOver;

    /** A name or an endpoint; two backends may have the same. */
    private record Pending(Backend backend, Object subject) {}

    /** Watches {@code backends} from now on; {@code nameServers} is empty for the system's. */
    public HealthWatch(
            List<Backend> backends, List<HostPort> nameServers, Transport transport, LongSupplier nanoClock) {
        this.group = transport.loops(1, "detour-health");
        EventLoop loop = group.next();
        this.names = new NameWatch(loop, transport, nameServers);
        this.prober = new Prober(
                loop,
                transport.channel(),
                nanoClock,
                () -> ThreadLocalRandom.current().nextDouble());
        backends.forEach(this::watch);
        var unused = loop.scheduleWithFixedDelay(
                () -> backends.forEach(HealthWatch::tick), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What fails for one backend must neither end the timer nor keep the others from their turn. */
    private static void tick(Backend backend) {
        try {
            backend.endpoints().siblings().tick();
        } catch (RuntimeException e) {
            LOG.error("backend {}: comparing its endpoints failed", backend.name(), e);
        }
    }

    /** Names and endpoints of which nothing is known yet, for people; empty once the first round is over. */
    public List<String> pending() {
        // an endpoint that joins later must not take a running instance out of service
        if (pending.isEmpty()) {
            firstRoundOver = true;
        }
        return firstRoundOver
                ? List.of()
                : pending.stream()
                        .map(each -> each.subject().toString())
                        .sorted()
                        .distinct()
                        .toList();
    }

    private void watch(Backend backend) {
        for (BackendConfig.Endpoint endpoint : backend.config().endpoints()) {
            if (Endpoints.literal(endpoint) == null) {
                lookUp(backend, endpoint);
            }
        }
        BackendConfig.Probe probe = backend.config().probe();
        if (probe != null) {
            backend.endpoints().accompany(new Probing(backend, probe));
        }
    }

    private void lookUp(Backend backend, BackendConfig.Endpoint endpoint) {
        pending.add(new Pending(backend, endpoint));
        names.watch(endpoint.address().host(), new NameListener() {
            @Override
            public void onAddresses(List<InetAddress> addresses) {
                backend.endpoints().resolved(endpoint, addresses);
                pending.remove(new Pending(backend, endpoint));
            }

            @Override
            public void onFailure(String reason) {
                backend.endpoints().lookUpFailed(endpoint, reason);
                pending.remove(new Pending(backend, endpoint));
            }
        });
    }

    /** Has every endpoint of one backend probed for as long as it exists. */
    private final class Probing implements Endpoints.Visitor {
        private final Backend backend;
        private final BackendConfig.Probe probe;

        Probing(Backend backend, BackendConfig.Probe probe) {
            this.backend = backend;
            this.probe = probe;
        }

        @Override
        public void onJoined(Endpoint endpoint) {
            String serverName = backend.config().tls().serverName();
            ProbeTarget target = new ProbeTarget(
                    endpoint.address(),
                    endpoint.config().secure(),
                    serverName != null ? serverName : endpoint.configured(),
                    serverName != null ? serverName : endpoint.host(),
                    probe,
                    () -> BackendTls.clientContext(backend.config(), backend.revocations()));
            pending.add(new Pending(backend, endpoint));
            synchronized (probes) {
                probes.put(endpoint, prober.watch(target, new Reporting(backend, endpoint, probe.kind())));
            }
        }

        @Override
        public void onLeft(Endpoint endpoint) {
            pending.remove(new Pending(backend, endpoint));
            synchronized (probes) {
                Watch watch = probes.remove(endpoint);
                if (watch != null) {
                    watch.cancel();
                }
            }
        }
    }

    /** Tells an endpoint's health what its probes find. */
    private final class Reporting implements ProbeListener {
        private final Backend backend;
        private final Endpoint endpoint;
        private final BackendConfig.ProbeKind kind;

        Reporting(Backend backend, Endpoint endpoint, BackendConfig.ProbeKind kind) {
            this.backend = backend;
            this.endpoint = endpoint;
            this.kind = kind;
        }

        @Override
        public void onPeer(PeerValidity peer) {
            endpoint.health().showed(peer);
        }

        @Override
        public void onProbe(@Nullable Failure failure, long nanos) {
            if (failure == null && kind == BackendConfig.ProbeKind.TCP) {
                endpoint.health().connected();
            } else {
                endpoint.health().probed(failure);
            }
        }

        @Override
        public void onVerdict(boolean up, @Nullable Failure failure) {
            endpoint.health().verdict(up, failure);
            pending.remove(new Pending(backend, endpoint));
        }
    }

    @Override
    public void close() {
        prober.close();
        names.close();
        group.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
