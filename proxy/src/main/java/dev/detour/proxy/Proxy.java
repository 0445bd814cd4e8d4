package dev.detour.proxy;

import dev.detour.config.DetourConfig;
import dev.detour.config.ListenerConfig;
import dev.detour.config.mode.Drains;
import dev.detour.config.mode.Modes;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.BackendException;
import dev.detour.proxy.backend.Backends;
import dev.detour.proxy.backend.HealthWatch;
import dev.detour.proxy.backend.RevocationWatch;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.exchange.FileReaders;
import dev.detour.proxy.exchange.Fills;
import dev.detour.proxy.exchange.RecentAbsences;
import dev.detour.proxy.exchange.Snapshot;
import dev.detour.proxy.exchange.Worker;
import dev.detour.proxy.loop.Transport;
import dev.detour.proxy.refuse.Refusals;
import dev.detour.proxy.route.RouteTable;
import dev.detour.proxy.server.ListenException;
import dev.detour.proxy.server.Listener;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The running data path. It owns the event loops, the listeners and the snapshot in force.
 *
 * <p>What it is given (mirrors, observers) stays the giver's.
 */
public final class Proxy implements AutoCloseable {
    private final EventLoopGroup loops;
    private final FileReaders readers = new FileReaders();
    private final List<Backend> backends;
    private final RevocationWatch revocations;
    private final HealthWatch health;
    private final ResponseCache cache;
    private final Map<EventLoop, Worker> workers = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final AtomicReference<Snapshot> snapshot;
    private final Snapshot normal;

    private Proxy(DetourConfig config, ProxyEnvironment environment, List<Backend> backends, Transport transport) {
        this.backends = backends;
        this.revocations = new RevocationWatch(backends);
        this.health = new HealthWatch(backends, config.nameServers(), transport, environment.nanoClock());
        this.loops = transport.loops(environment.loops(), "detour-loop");
        this.normal = Snapshot.of(
                new RouteTable(config.routes()),
                backends,
                environment.mirrors(),
                environment.captures(),
                new Refusals(config.refusals()));
        this.snapshot = new AtomicReference<>(normal);
        this.cache = new ResponseCache(config.cache(), environment.clock(), environment.nanoClock());
        Fills fills = new Fills(cache, environment.nanoClock().getAsLong());
        RecentAbsences absences = new RecentAbsences(environment.nanoClock());
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            workers.put(
                    loop,
                    new Worker(
                            loop,
                            transport,
                            backends,
                            snapshot::get,
                            environment.observer(),
                            absences,
                            fills,
                            readers,
                            environment.mirrorsFit(),
                            environment.clock(),
                            environment.nanoClock()));
        }
    }

    /**
     * Starts to serve.
     *
     * @throws ListenException if a listener cannot be opened
     * @throws BackendException if a backend's certificates cannot be used
     */
    public static Proxy start(DetourConfig config, ProxyEnvironment environment)
            throws ListenException, BackendException {
        Transport transport = Transport.best();
        List<Backend> backends = Backends.of(
                config, environment.clock(), environment.nanoClock(), environment.breakers(), environment.endpoints());
        Proxy proxy = new Proxy(config, environment, backends, transport);
        try {
            for (ListenerConfig listener : config.listeners()) {
                proxy.listeners.add(Listener.open(listener, proxy.loops, transport, proxy::workerOf));
            }
        } catch (ListenException e) {
            proxy.close();
            throw e;
        }
        return proxy;
    }

    private Worker workerOf(EventLoop loop) {
        Worker worker = workers.get(loop);
        if (worker == null) {
            throw new IllegalStateException("loop: " + loop + " (expected: one of this proxy's)");
        }
        return worker;
    }

    /** Where it listens, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /** The backends, in the order of the configuration. */
    public List<Backend> backends() {
        return backends;
    }

    /** Names and endpoints that have not been looked up or probed once, for people; empty once the first round is over. */
    public List<String> unexamined() {
        return health.pending();
    }

    /** What operators may see of the cache and do to it. */
    public CacheControls cache() {
        return cache;
    }

    /** Puts the operator's modes in force for every request that begins from now on. */
    public void setModes(Modes modes) {
        snapshot.set(normal.with(modes));
    }

    /** The endpoints that get nothing new from now on; all others do. */
    public void setDrains(Drains drains) {
        for (Backend backend : backends) {
            backend.drain(
                    endpoint -> drains.applyingTo(backend.name(), endpoint.name(), endpoint.configured()) != null);
        }
    }

    /** Stops listening and drops every connection. */
    @Override
    public void close() {
        listeners.forEach(Listener::close);
        health.close();
        revocations.close();
        // not zero: connections closed by this take a few turns of their loop to free what TLS holds outside of the
        // heap
        loops.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
        readers.close();
        cache.close();
        // native memory, which otherwise waits for a finalizer
        listeners.forEach(Listener::release);
        backends.forEach(backend -> ReferenceCountUtil.release(backend.tls()));
    }
}
