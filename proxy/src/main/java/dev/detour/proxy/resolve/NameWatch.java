package dev.detour.proxy.resolve;

import dev.detour.config.HostPort;
import dev.detour.proxy.loop.Transport;
import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps looking up host names, each as often as its records' time to live says (1 s to 1 h); after a failure again in 1 s,
 * then 2, and at most 5.
 *
 * <p>Lives on one event loop; its methods may be called from any thread. Queries go over UDP, and over TCP where an answer was
 * truncated. Names in the hosts file need no query.
 */
public final class NameWatch implements AutoCloseable {
    private static final long QUERY_MILLIS = 2000;
    private static final long TICK_MILLIS = 1000;

    private final EventLoop loop;
    private final Transport transport;
    private final List<InetSocketAddress> servers;
    private final long queryMillis;
    private final LongSupplier nanoTime;

    // on the loop only
    private final List<WatchedName> names = new ArrayList<>();
    private @Nullable Future<?> timer;
    private boolean closed;

    /**
     * A watch without names.
     *
     * @param servers name servers by IP address, asked in this order; empty for those of the system
     * @throws IllegalArgumentException if a server is not an IP address
     */
    public NameWatch(EventLoop loop, Transport transport, List<HostPort> servers) {
        this(loop, transport, servers, QUERY_MILLIS, System::nanoTime);
        onLoop(() -> timer = closed
                ? null
                : loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** One that looks at the time only when it is told to {@link #tick}. */
    NameWatch(EventLoop loop, Transport transport, List<HostPort> servers, long queryMillis, LongSupplier nanoTime) {
        this.loop = loop;
        this.transport = transport;
        this.servers = servers.stream().map(NameWatch::address).toList();
        this.queryMillis = queryMillis;
        this.nanoTime = nanoTime;
    }

    /** Looks a name up at once, and again and again until this is closed. */
    public void watch(String host, NameListener listener) {
        onLoop(() -> {
            if (!closed) {
                WatchedName name = new WatchedName(host, listener, queryMillis, nanoTime, builder());
                names.add(name);
                name.tick();
            }
        });
    }

    /** Ends all look-ups. Nothing is told any more once this has run on the loop. */
    @Override
    public void close() {
        onLoop(() -> {
            closed = true;
            if (timer != null) {
                timer.cancel(false);
            }
            names.forEach(WatchedName::close);
            names.clear();
        });
    }

    /** Looks up what is due. */
    void tick() {
        names.forEach(WatchedName::tick);
    }

    /** Whether no look-up is in progress. */
    boolean idle() {
        return names.stream().allMatch(WatchedName::idle);
    }

    private DnsNameResolverBuilder builder() {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop)
                .datagramChannelType(transport.datagramChannel())
                .socketChannelType(transport.channel())
                .resolvedAddressTypes(
                        NetUtil.isIpV4StackPreferred()
                                ? ResolvedAddressTypes.IPV4_ONLY
                                : ResolvedAddressTypes.IPV4_PREFERRED)
                .completeOncePreferredResolved(false)
                .queryTimeoutMillis(queryMillis);
        return servers.isEmpty()
                ? builder
                : builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private static InetSocketAddress address(HostPort server) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(server.host());
        if (address == null) {
            throw new IllegalArgumentException("name server: " + server + " (expected: an IP address with a port)");
        }
        return new InetSocketAddress(address, server.port());
    }
}
