package dev.detour.proxy.server;

import dev.detour.config.ListenerConfig;
import dev.detour.proxy.exchange.Worker;
import dev.detour.proxy.loop.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One address clients connect to. It owns the listening socket; each connection accepted owns itself. */
public final class Listener implements AutoCloseable {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final Channel channel;
    private final @Nullable SslContext tls;

    private Listener(Channel channel, @Nullable SslContext tls) {
        this.channel = channel;
        this.tls = tls;
    }

    /**
     * Starts to listen.
     *
     * @param workers gives the worker of an event loop of {@code loops}
     * @throws ListenException if the address cannot be bound or the certificate cannot be used
     */
    public static Listener open(
            ListenerConfig config, EventLoopGroup loops, Transport transport, Function<EventLoop, Worker> workers)
            throws ListenException {
        ListenerConfig.Tls identity = config.tls();
        SslContext tls = identity == null ? null : ServerTls.contextFor(identity);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 2048, 64 * 1024))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        initPipeline(accepted, tls, workers.apply(accepted.eventLoop()));
                    }
                });
        InetSocketAddress address =
                new InetSocketAddress(config.address().host(), config.address().port());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            ReferenceCountUtil.release(tls);
            throw ListenException.cannotBind(config.address(), bound.cause());
        }
        return new Listener(bound.channel(), tls);
    }

    /** Everything between a client's socket and its exchange, in order. */
    private static void initPipeline(SocketChannel channel, @Nullable SslContext tls, Worker worker) {
        var pipeline = channel.pipeline();
        if (tls != null) {
            pipeline.addLast("tls", tls.newHandler(channel.alloc()));
        }
        ResponseEncoder encoder = new ResponseEncoder();
        pipeline.addLast(
                "requestDecoder",
                new HttpRequestDecoder(new HttpDecoderConfig()
                        .setMaxInitialLineLength(8 * 1024)
                        .setMaxHeaderSize(32 * 1024)
                        .setMaxChunkSize(64 * 1024)));
        pipeline.addLast("responseEncoder", encoder);
        pipeline.addLast("client", new ClientConnection(worker, ConnectionLimits.DEFAULT, encoder, tls != null));
    }

    /** Where it listens, with the port the kernel chose if 0 was configured. */
    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Frees the native memory of the certificate; once no connection is left. */
    public void release() {
        ReferenceCountUtil.release(tls);
    }

    /** Stops accepting; connections already accepted live on. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
