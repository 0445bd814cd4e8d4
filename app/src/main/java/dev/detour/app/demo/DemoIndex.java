package dev.detour.app.demo;

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
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A package index on the loopback address that serves the {@link DemoPackages} as Warehouse would, and breaks on command.
 *
 * <p>One event loop accepts and serves, and a fault is switched on it too: a connection therefore sees one fault for all its
 * life, and none that was open before a switch survives it. The next request after {@link #setFault} always meets the new fault.
 */
public final class DemoIndex implements AutoCloseable {
    /** A millisecond apart; the first few are enough unless the machine is very busy. */
    private static final int PORT_ATTEMPTS = 5_000;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("demo-index", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ChannelGroup connections = new DefaultChannelGroup("demo-index", loop);
    private final DemoTraffic traffic = new DemoTraffic();
    private final DemoRoutes routes;
    private final DemoWrites writes;
    private final Clock clock;
    private final @Nullable DemoTls tls;
    private final InetSocketAddress address;

    private volatile DemoFault fault = DemoFault.NONE;
    private @Nullable Channel listening;
    private java.nio.channels.@Nullable SocketChannel reserved;

    private DemoIndex(DemoPackages packages, @Nullable DemoTls tls, int port, Clock clock) {
        this.routes = new DemoRoutes(packages);
        this.writes = new DemoWrites(packages, traffic);
        this.tls = tls;
        this.clock = clock;
        try {
            Channel bound = listen(new InetSocketAddress(NetUtil.LOCALHOST4, port));
            listening = bound;
            address = (InetSocketAddress) bound.localAddress();
        } catch (RuntimeException e) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            throw e;
        }
    }

    /**
     * Starts an index that speaks TLS with a certificate of the {@linkplain #writeAuthority demo CA}.
     *
     * @param port the port on the loopback address, 0 for one that is free
     * @throws UncheckedIOException if it cannot listen there
     */
    public static DemoIndex https(DemoPackages packages, int port, Clock clock) {
        return new DemoIndex(packages, new DemoTls(), port, clock);
    }

    /** Starts an index in clear text, which cannot have the faults that {@linkplain DemoFault#needsTls need TLS}. */
    public static DemoIndex clear(DemoPackages packages, int port, Clock clock) {
        return new DemoIndex(packages, null, port, clock);
    }

    /** The root of the index without a slash at the end, e.g. {@code https://127.0.0.1:43210}. */
    public URI uri() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + address.getPort());
    }

    /** The port, which stays the same whatever the fault. */
    public int port() {
        return address.getPort();
    }

    /** Writes the certificate of the CA that clients must trust to {@code file}, as PEM. */
    public static void writeAuthority(Path file) throws IOException {
        Files.write(file, DemoTls.authority());
    }

    /** The fault in force. */
    public DemoFault fault() {
        return fault;
    }

    /**
     * Puts a fault in force, or none. Returns when it is: open connections are closed and the listening socket is as it must be.
     *
     * @throws IllegalArgumentException if the fault needs TLS and this index has none
     * @throws IllegalStateException if called by a listener of this index, whose thread would wait for itself
     * @throws UncheckedIOException if healing {@link DemoFault#REFUSE} finds the port taken
     */
    public synchronized void setFault(DemoFault next) {
        if (next.needsTls() && tls == null) {
            throw new IllegalArgumentException(
                    "fault: " + next.label() + " (expected: one without TLS, this index is in clear text)");
        }
        if (loop.inEventLoop()) {
            throw new IllegalStateException("setFault: called by a listener of the index (expected: another thread)");
        }
        loop.submit(() -> this.fault = next).awaitUninterruptibly();
        if (next == DemoFault.REFUSE && listening != null) {
            stopListening();
            holdPort();
        }
        connections.close().awaitUninterruptibly();
        if (next != DemoFault.REFUSE) {
            listenAgain();
        }
    }

    /** The newest requests that reached the index, oldest first, at most 10 000. */
    public List<DemoRequest> requests() {
        return traffic.newest();
    }

    /** How many requests reached the index since it started. */
    public long requestCount() {
        return traffic.requestCount();
    }

    /** How many uploads were received to their end, whatever was answered. */
    public long uploads() {
        return traffic.uploads();
    }

    /** The bytes of upload bodies that arrived, those of unfinished uploads too. */
    public long uploadedBytes() {
        return traffic.uploadedBytes();
    }

    /** Has {@code listener} called with every request from now on, on the index's own thread: it must not block. */
    public void onRequest(Consumer<DemoRequest> listener) {
        traffic.listen(listener);
    }

    @Override
    public synchronized void close() {
        stopListening();
        releasePort();
        connections.close().awaitUninterruptibly();
        Future<?> terminated = group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        terminated.awaitUninterruptibly();
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
        Throwable cause = bound.cause();
        if (cause != null) {
            String message =
                    "demo index: cannot listen on 127.0.0.1:%d: %s".formatted(where.getPort(), cause.getMessage());
            throw new UncheckedIOException(new IOException(message, cause));
        }
        return bound.channel();
    }

    private void accept(SocketChannel channel) {
        connections.add(channel);
        DemoFault now = fault;
        if (tls != null) {
            channel.pipeline().addLast("tls", tls.under(now).newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast("codec", new HttpServerCodec())
                .addLast("index", new DemoConnection(now, routes, writes, traffic, clock));
    }

    private void stopListening() {
        Channel open = listening;
        if (open != null) {
            listening = null;
            open.close().awaitUninterruptibly();
        }
    }

    /**
     * Binds the port without listening on it: connecting is refused all the same, and no other process can be given the port
     * before the index is healed.
     *
     * <p>A closed listening socket lives on in the kernel until its selector has looked again, and up to then binding fails. So
     * success also means that from here on connections are refused.
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
                    throw new UncheckedIOException("demo index: cannot hold port " + address.getPort(), e);
                }
                loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly();
            }
        }
    }

    private void listenAgain() {
        if (listening == null) {
            releasePort();
            listening = listen(address);
        }
    }

    private void releasePort() {
        var holder = reserved;
        reserved = null;
        if (holder != null) {
            try {
                holder.close();
            } catch (IOException e) {
                throw new UncheckedIOException("demo index: cannot release port " + address.getPort(), e);
            }
        }
    }
}
