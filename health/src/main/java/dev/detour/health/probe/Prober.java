package dev.detour.health.probe;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Probes endpoints, each on its own period.
 *
 * <p>Every probe has a connection, a TLS context and a full handshake of its own: a connection that is kept, or a session
 * that is resumed, would not show that the certificate has expired since. A probe never overlaps the one before it, and the
 * period stays the same while the endpoint is down.
 */
public final class Prober implements AutoCloseable {
    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final DoubleSupplier jitter;
    private final Bootstrap bootstrap;
    private final FreshContexts contexts;
    private final Set<WatchedEndpoint> watches = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * A prober of nothing yet.
     *
     * @param loop where the connections live and the listeners are called; handshakes are computed on it, so it had better
     *     carry nobody's requests
     * @param channel the kind of channel that goes with the loop
     * @param nanoClock nanoseconds as of {@link System#nanoTime()}, to measure probes with
     * @param jitter gives doubles in [0, 1)
     */
    public Prober(
            EventLoop loop, Class<? extends SocketChannel> channel, LongSupplier nanoClock, DoubleSupplier jitter) {
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.jitter = jitter;
        this.contexts = new FreshContexts(loop);
        // no connect timeout: a probe has one limit for all it does
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(channel)
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    }

    /**
     * Probes an endpoint, at once and then every period, until the watch or the prober ends; a closed prober probes nothing.
     * Thread-safe.
     *
     * @param listener told on the loop
     */
    public Watch watch(ProbeTarget target, ProbeListener listener) {
        WatchedEndpoint watch =
                new WatchedEndpoint(target, listener, loop, bootstrap, contexts, nanoClock, jitter, watches::remove);
        watches.add(watch);
        if (closed) {
            // close() may have passed before it was added
            watch.cancel();
        } else {
            loop.execute(watch::probe);
        }
        return watch;
    }

    /** Cancels every watch and closes open probe connections, shortly after it returns; the loop stays the giver's. */
    @Override
    public void close() {
        closed = true;
        watches.forEach(WatchedEndpoint::cancel);
        contexts.close();
    }
}
