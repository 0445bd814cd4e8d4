package dev.detour.testkit.load;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint on loopback that takes thousands of requests a second and breaks as it is told to.
 *
 * <p>One event loop. What it does is decided anew for every request, so that open connections meet a new fault as well.
 */
public final class LoadIndex implements AutoCloseable {
    private static final int PORT_ATTEMPTS = 5_000;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("load-index", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ChannelGroup connections = new DefaultChannelGroup("load-index", loop);
    private final Function<HttpRequest, LoadPage> pages;
    private final InetSocketAddress address;
    private final Pulse heads = new Pulse();
    private final AtomicLong errorAnswers = new AtomicLong();

    private volatile Supplier<LoadFault> faults = () -> LoadFault.NONE;
    private volatile @Nullable SSLContext tls;
    private volatile Duration slowness = Duration.ofSeconds(1);
    private @Nullable Channel listening;
    private java.nio.channels.@Nullable SocketChannel reserved;

    private LoadIndex(Function<HttpRequest, LoadPage> pages, @Nullable SSLContext tls) {
        this.pages = pages;
        this.tls = tls;
        Channel bound = listen(new InetSocketAddress(NetUtil.LOCALHOST4, 0));
        listening = bound;
        address = (InetSocketAddress) bound.localAddress();
    }

    /** A healthy endpoint in clear on a port picked by the kernel; {@code pages} gives what there is, on the event loop. */
    public static LoadIndex clear(Function<HttpRequest, LoadPage> pages) {
        return new LoadIndex(pages, null);
    }

    /** A healthy endpoint with TLS. */
    public static LoadIndex tls(Function<HttpRequest, LoadPage> pages, SSLContext context) {
        return new LoadIndex(pages, context);
    }

    /** {@code http://127.0.0.1:port} or {@code https://127.0.0.1:port}. */
    public String url() {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + address.getPort();
    }

    /** Treats every request from now on in this way. */
    public void fault(LoadFault fault) {
        faults = () -> fault;
    }

    /** Asks for each request from now on how to treat it; called on the event loop. */
    public void faults(Supplier<LoadFault> each) {
        faults = each;
    }

    /** How long {@link LoadFault#SLOW} answers take. */
    public void slowness(Duration time) {
        slowness = time;
    }

    /** Shows this certificate to connections from now on. If it is another than before, those that are open end. */
    public void identity(SSLContext context) {
        if (context != tls) {
            tls = context;
            connections.close().awaitUninterruptibly();
        }
    }

    /** Stops listening and ends all connections, as a process that dies. */
    public synchronized void refuse() {
        Channel open = listening;
        if (open != null) {
            listening = null;
            open.close().awaitUninterruptibly();
            holdPort();
        }
        connections.close().awaitUninterruptibly();
    }

    /** Listens on the same port again after {@link #refuse}. */
    public synchronized void listenAgain() {
        if (listening == null) {
            releasePort();
            listening = listen(address);
        }
    }

    /** The requests that came, whatever became of them. */
    public Pulse heads() {
        return heads;
    }

    /** The 5xx that were answered. */
    public long errorAnswers() {
        return errorAnswers.get();
    }

    /** Connections open now. */
    public int openConnections() {
        return connections.size();
    }

    LoadFault begun() {
        heads.count();
        LoadFault fault = faults.get();
        if (fault.status() != 0) {
            errorAnswers.incrementAndGet();
        }
        return fault;
    }

    LoadPage page(HttpRequest request) {
        return pages.apply(request);
    }

    Duration slowness() {
        return slowness;
    }

    private Channel listen(InetSocketAddress where) {
        var bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(where)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(new IOException("load index: cannot listen on " + where, bound.cause()));
        }
        return bound.channel();
    }

    private void accept(SocketChannel channel) {
        connections.add(channel);
        SSLContext context = tls;
        if (context != null) {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            channel.pipeline().addLast(new SslHandler(engine));
        }
        channel.pipeline().addLast(new HttpServerCodec(), new LoadIndexConnection(this));
    }

    /**
     * Binds the port without listening: connects are refused, and the kernel gives it to none of the many outgoing connections.
     * A closed listening socket lives on until its selector has looked again, and up to then binding fails.
     */
    private void holdPort() {
        for (int attempt = 1; ; attempt++) {
            try {
                var holder = java.nio.channels.SocketChannel.open();
                reserved = holder;
                holder.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
                return;
            } catch (IOException e) {
                releasePort();
                if (attempt == PORT_ATTEMPTS) {
                    throw new UncheckedIOException("load index: cannot hold port " + address.getPort(), e);
                }
                loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            }
        }
    }

    private void releasePort() {
        var holder = reserved;
        reserved = null;
        if (holder != null) {
            try {
                holder.close();
            } catch (IOException e) {
                throw new UncheckedIOException("load index: cannot release port " + address.getPort(), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        Channel open = listening;
        listening = null;
        if (open != null) {
            open.close().awaitUninterruptibly();
        }
        releasePort();
        connections.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
