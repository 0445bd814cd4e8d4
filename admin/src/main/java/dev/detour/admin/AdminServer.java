package dev.detour.admin;

import dev.detour.admin.token.TokenFile;
import dev.detour.config.AdminConfig;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The operator's listener, with threads of its own: it answers while the data path is busy, and never slows it. */
public final class AdminServer implements AutoCloseable {
    private static final int IDLE_SECONDS = 60;

    private final EventLoopGroup loop;
    private final ThreadPoolExecutor workers;
    private final Channel listener;

    private AdminServer(EventLoopGroup loop, ThreadPoolExecutor workers, Channel listener) {
        this.loop = loop;
        this.workers = workers;
        this.listener = listener;
    }

    /**
     * Listens and answers {@code routes}.
     *
     * @throws IOException with a one-line message if the token file cannot be used or the address cannot be bound
     * @throws IllegalArgumentException if two routes have the same method and path
     */
    public static AdminServer start(AdminConfig config, List<AdminRoute> routes) throws IOException {
        Gate gate = new Gate(new RouteTable(routes), TokenFile.readOrCreate(config.tokenFile()));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("detour-admin", true), NioIoHandler.newFactory());
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                2,
                2,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(64),
                new DefaultThreadFactory("detour-admin-worker", true));
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast("timeout", new ReadTimeoutHandler(IDLE_SECONDS))
                                .addLast("codec", new HttpServerCodec())
                                .addLast("keepAlive", new HttpServerKeepAliveHandler())
                                .addLast("flow", new FlowControlHandler())
                                .addLast("admin", new AdminHandler(gate, workers));
                    }
                })
                .bind(new InetSocketAddress(
                        config.address().host(), config.address().port()))
                .awaitUninterruptibly();
        AdminServer server = new AdminServer(loop, workers, bound.channel());
        if (!bound.isSuccess()) {
            server.close();
            throw new IOException(
                    "cannot listen on admin address " + config.address() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        return server;
    }

    /** Where it listens, with the port that the kernel chose if the configuration said 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Stops listening and closes every connection; a change that is being written is finished. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        workers.shutdown();
        try {
            boolean finished = workers.awaitTermination(2, TimeUnit.SECONDS);
            if (!finished) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.shutdownGracefully(20, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
