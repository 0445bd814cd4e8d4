package dev.detour.health.tls;

import dev.detour.testkit.TestIdentity;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Both ends of real TLS handshakes over Netty on loopback. */
final class TlsPeer implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<TlsServer> servers = new ArrayList<>();
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /** Serves TLS that completes handshakes and then says nothing; gives the port. */
    int serve(TestIdentity identity, UnaryOperator<SslContextBuilder> settings) throws Exception {
        TlsServer server = new TlsServer(loops.next(), identity, settings);
        servers.add(server);
        return server.port();
    }

    /** Connects, shakes hands and waits for the first error there is, as the data path sees it. */
    Throwable failure(int port, SslContext context, String host, long handshakeMillis) throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channels.add(channel);
                        SslHandler tls = context.newHandler(channel.alloc(), host, port);
                        tls.setHandshakeTimeoutMillis(handshakeMillis);
                        channel.pipeline().addLast(tls, new Observer(tls, failure));
                    }
                })
                .connect(InetAddress.getLoopbackAddress(), port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        failure.complete(connected.cause());
                    }
                });
        return failure.get(10, TimeUnit.SECONDS);
    }

    /** What a backend's TLS client trusts: {@code ca} only, with the chain attached to refusals. */
    static X509ExtendedTrustManager trust(X509Certificate ca) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", ca);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    @Override
    public void close() {
        // a loop that shuts down under an open connection refuses the tasks that would release its buffers
        channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
        servers.forEach(TlsServer::close);
        // not zero: connections that have just closed take a few turns of their loop to free what TLS holds
        loops.shutdownGracefully(50, 2_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Keeps what the pipeline saw before the handshake's own verdict, and takes what comes after it. */
    private static final class Observer extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Throwable> failure;
        private @Nullable Throwable caught;
        private boolean secured;

        Observer(SslHandler tls, CompletableFuture<Throwable> failure) {
            this.failure = failure;
            tls.handshakeFuture().addListener(done -> {
                secured = done.isSuccess();
                if (!secured) {
                    Throwable cause = done.cause();
                    Throwable seen = caught;
                    if (seen != null && seen != cause) {
                        cause.addSuppressed(seen);
                    }
                    failure.complete(cause);
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            caught = cause;
            if (secured) {
                failure.complete(cause);
            }
            ChannelFuture unused = context.close();
        }
    }
}
