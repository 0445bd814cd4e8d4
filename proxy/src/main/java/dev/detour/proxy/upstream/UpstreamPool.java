package dev.detour.proxy.upstream;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.AttemptPhase;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.Endpoint;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one backend.
 *
 * <p><b>Ownership.</b> A connection is idle in the pool, or leased to one attempt, or closed; never two of them. Everything
 * here runs on the one event loop that also carries the client's connection, so there is nothing to lock.
 */
public final class UpstreamPool {
    private static final int MAX_IDLE_PER_ENDPOINT = 256;
    private static final long IDLE_NANOS = 30_000_000_000L;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final EventLoop loop;
    private final Backend backend;
    private final Sweep sweep;
    private final LongSupplier nanoClock;
    private final Bootstrap bootstrap;
    /** Weak: an endpoint whose name stands for other addresses now is forgotten with its last connection. */
    private final Map<Endpoint, ArrayDeque<UpstreamConnection>> idle = new WeakHashMap<>();

    /**
     * An empty pool.
     *
     * @param loop the only thread that may use it
     * @param sweep the loop's fine sweep, for the deadlines of its connections
     */
    public UpstreamPool(EventLoop loop, Transport transport, Backend backend, Sweep sweep, LongSupplier nanoClock) {
        this.loop = loop;
        this.backend = backend;
        this.sweep = sweep;
        this.nanoClock = nanoClock;
        long connectMillis = Math.max(1, backend.config().timeouts().connect().toMillis());
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .disableResolver()
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(connectMillis, Integer.MAX_VALUE))
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(1024, 8 * 1024, 256 * 1024));
    }

    /**
     * Gets a connection to an endpoint.
     *
     * @param endpoint one of the backend's
     * @param mayReuse whether an idle connection will do; a request that must not be repeated wants a fresh one, because an
     *     idle one may turn out to be dead only after the request was sent
     */
    public void lease(Endpoint endpoint, boolean mayReuse, LeaseListener listener) {
        UpstreamConnection connection = mayReuse ? pollIdle(endpoint) : null;
        if (connection != null) {
            listener.onLeased(connection);
        } else {
            connect(endpoint, listener);
        }
    }

    private @Nullable UpstreamConnection pollIdle(Endpoint endpoint) {
        ArrayDeque<UpstreamConnection> queue = idle.get(endpoint);
        if (queue == null) {
            return null;
        }
        UpstreamConnection connection;
        do {
            // the youngest first, so that those not needed grow old and are closed
            connection = queue.pollLast();
        } while (connection != null && !connection.leaseIdle());
        return connection;
    }

    private void connect(Endpoint endpoint, LeaseListener listener) {
        UpstreamConnection connection = new UpstreamConnection(
                this, endpoint, sweep, nanoClock, backend.config().timeouts());
        SslHandler tls = newTlsHandler(endpoint);
        ChannelFuture connecting = bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        initPipeline(channel, tls, connection);
                    }
                })
                .connect(endpoint.address());
        connecting.addListener(done -> {
            if (!loop.inEventLoop()) {
                // there was not even a socket (no file descriptors left), so the promise belongs to no loop of ours
                if (tls != null) {
                    ReferenceCountUtil.release(tls.engine());
                }
                Failure failure = FailureClassifier.classify(causeOf(done.cause()), AttemptPhase.CONNECT);
                loop.execute(() -> listener.onLeaseFailed(failure));
                return;
            }
            if (!done.isSuccess()) {
                listener.onLeaseFailed(FailureClassifier.classify(causeOf(done.cause()), AttemptPhase.CONNECT));
            } else if (tls == null) {
                listener.onLeased(connection);
            } else {
                tls.handshakeFuture().addListener(shaken -> {
                    if (shaken.isSuccess()) {
                        listener.onLeased(connection);
                    } else {
                        connecting.channel().close();
                        listener.onLeaseFailed(connection.handshakeFailure(causeOf(shaken.cause()), tls.engine()));
                    }
                });
            }
        });
    }

    private static Throwable causeOf(@Nullable Throwable cause) {
        return cause != null ? cause : new IllegalStateException("failed without a cause");
    }

    private @Nullable SslHandler newTlsHandler(Endpoint endpoint) {
        if (backend.tls() == null) {
            return null;
        }
        BackendConfig config = backend.config();
        String serverName = config.tls().serverName();
        // the name given here is the SNI and what the certificate is checked against (Netty 4.2 checks by default)
        SslHandler handler = backend.tls()
                .newHandler(
                        ByteBufAllocator.DEFAULT,
                        serverName != null ? serverName : endpoint.host(),
                        endpoint.address().getPort());
        handler.setHandshakeTimeoutMillis(
                Math.max(1, config.timeouts().handshake().toMillis()));
        return handler;
    }

    private static void initPipeline(Channel channel, @Nullable SslHandler tls, UpstreamConnection connection) {
        var pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast("tls", tls);
        }
        pipeline.addLast("requestEncoder", new HttpRequestEncoder());
        pipeline.addLast("answerDecoder", connection.decoder());
        pipeline.addLast("upstream", connection);
    }

    void giveBack(UpstreamConnection connection) {
        Endpoint endpoint = connection.endpoint();
        ArrayDeque<UpstreamConnection> queue = idle.computeIfAbsent(endpoint, any -> new ArrayDeque<>());
        if (queue.size() >= MAX_IDLE_PER_ENDPOINT || endpoint.finished() || loop.isShuttingDown()) {
            connection.close();
        } else {
            connection.becomeIdle(nanoClock.getAsLong() + IDLE_NANOS);
            queue.addLast(connection);
        }
    }

    void forgetIdle(UpstreamConnection connection) {
        ArrayDeque<UpstreamConnection> queue = idle.get(connection.endpoint());
        if (queue != null) {
            queue.remove(connection);
        }
    }
}
