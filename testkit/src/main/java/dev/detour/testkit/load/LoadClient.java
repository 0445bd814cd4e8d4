package dev.detour.testkit.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that ask at a constant rate, whatever the answers take, over connections that they keep.
 *
 * <p><b>Open loop.</b> A request is due when the rate says so. If no connection is free it waits, and its time counts from
 * when it was due: a proxy that stalls cannot make itself look fast by slowing down who measures it. Nothing is repeated, and
 * every answer is checked whole.
 *
 * <p>One event loop does everything, so nothing here is locked.
 */
public final class LoadClient implements AutoCloseable {
    private static final long LATE_NANOS = 50_000_000L;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("load-client", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final ChannelGroup connections = new DefaultChannelGroup("load-client", loop);
    private final InetSocketAddress address;
    private final double perNano;
    private final List<LoadRequest> requests;
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();

    // all below is confined to the loop
    private final ArrayDeque<LoadLink> idle = new ArrayDeque<>();
    private final ArrayDeque<Due> waiting = new ArrayDeque<>();
    private final LoadReport total = new LoadReport();
    private LoadReport lap = new LoadReport();
    private long started;
    private long due;
    private int inProgress;
    private boolean stopped;

    private record Due(LoadRequest request, long nanos) {}

    private LoadClient(int port, int perSecond, List<LoadRequest> requests) {
        this.address = new InetSocketAddress(NetUtil.LOCALHOST4, port);
        this.perNano = perSecond / 1e9;
        this.requests = List.copyOf(requests);
    }

    /**
     * Connects, and begins to ask when all connections stand.
     *
     * @param port of the proxy on loopback
     * @param perSecond requests a second, all connections together
     * @param requests asked for in turn
     * @throws IllegalStateException if a connection cannot be made
     */
    public static LoadClient start(int port, int connections, int perSecond, List<LoadRequest> requests) {
        LoadClient client = new LoadClient(port, perSecond, requests);
        try {
            for (int i = 0; i < connections; i++) {
                Channel channel = client.connect().syncUninterruptibly().channel();
                client.loop
                        .submit(() -> client.free(channel.pipeline().get(LoadLink.class)))
                        .syncUninterruptibly();
            }
        } catch (RuntimeException e) {
            client.close();
            throw new IllegalStateException("load client: cannot connect to " + client.address, e);
        }
        client.loop.execute(() -> {
            client.started = System.nanoTime();
            client.loop.scheduleAtFixedRate(client::ask, 1, 1, TimeUnit.MILLISECONDS);
        });
        return client;
    }

    private ChannelFuture connect() {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        connections.add(channel);
                        channel.pipeline().addLast(new HttpClientCodec(), new LoadLink(LoadClient.this));
                    }
                })
                .connect(address);
    }

    private void ask() {
        long now = System.nanoTime();
        while (!stopped && due < (now - started) * perNano) {
            LoadRequest request = requests.get((int) (due % requests.size()));
            waiting.addLast(new Due(request, started + (long) (due / perNano)));
            due++;
            inProgress++;
        }
        sendWaiting();
    }

    private void sendWaiting() {
        long now = System.nanoTime();
        while (!waiting.isEmpty() && !idle.isEmpty()) {
            Due next = waiting.removeFirst();
            if (now - next.nanos() > LATE_NANOS) {
                lap.sentLate();
            }
            idle.removeFirst().ask(next.request(), next.nanos());
        }
    }

    // ---- told by links

    /** The connection can take a request. The one longest idle is used next, so that all are. */
    void free(LoadLink link) {
        idle.addLast(link);
        sendWaiting();
    }

    /** The connection is gone: another takes its place. */
    void gone(LoadLink link) {
        idle.remove(link);
        if (!stopped || inProgress > 0) {
            connect().addListener(done -> {
                if (done.isSuccess()) {
                    free(((ChannelFuture) done).channel().pipeline().get(LoadLink.class));
                } else {
                    lap.failed("connecting: " + done.cause());
                }
            });
        }
    }

    void answered(String source, long sinceNanos) {
        lap.answered(source, System.nanoTime() - sinceNanos);
        over();
    }

    void broke(String source, long sinceNanos) {
        lap.broke();
        answered(source, sinceNanos);
    }

    void failed(String complaint) {
        lap.failed(complaint);
        over();
    }

    void wrong(String complaint) {
        lap.failed(complaint);
    }

    private void over() {
        inProgress--;
        if (stopped && inProgress == 0) {
            quiet.complete(null);
        }
    }

    // ---- for the test

    /** Lets the clients work for so long. */
    public void pass(Duration time) {
        loop.schedule(() -> {}, time.toNanos(), TimeUnit.NANOSECONDS).syncUninterruptibly();
    }

    /** What happened since the last lap ended, or since the start; another lap begins. */
    public LoadReport lap() {
        return onLoop(this::endLap);
    }

    private LoadReport endLap() {
        LoadReport ended = lap;
        total.add(ended);
        lap = new LoadReport();
        return ended;
    }

    /**
     * Asks nothing new, waits for the answers that are due, and says what happened in all.
     *
     * @param patience how long a request may take at the most; one that takes longer is an error
     */
    public LoadReport finish(Duration patience) throws InterruptedException {
        onLoop(() -> {
            stopped = true;
            if (inProgress == 0) {
                quiet.complete(null);
            }
            return stopped;
        });
        try {
            quiet.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            onLoop(() -> {
                lap.failed(inProgress + " requests had no answer within " + patience);
                return inProgress;
            });
        }
        return onLoop(() -> {
            endLap();
            return total;
        });
    }

    private <T> T onLoop(Callable<T> task) {
        return loop.submit(task).syncUninterruptibly().getNow();
    }

    @Override
    public void close() {
        onLoop(() -> {
            stopped = true;
            inProgress = 0;
            return stopped;
        });
        // a loop that is told to stop without a quiet period may forget its channels
        connections.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
