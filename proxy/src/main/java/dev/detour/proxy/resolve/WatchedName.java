package dev.detour.proxy.resolve;

import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One host name, what it stood for last, and when it is looked up next. It has a resolver of its own, so that what the
 * resolver notes belongs to this name. On one event loop only.
 */
final class WatchedName {
    private static final long LONGEST_RETRY_SECONDS = 5;
    private static final Comparator<InetAddress> ORDER = Comparator.<InetAddress>comparingInt(
                    a -> a.getAddress().length)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned);

    private final String host;
    private final NameListener listener;
    private final LongSupplier nanoTime;
    private final RecordLifetime lifetime = new RecordLifetime();
    private final QueryOutcomes outcomes;
    private final DnsNameResolver resolver;
    private List<InetAddress> known = List.of();
    private @Nullable String failure;
    private int failures;
    private long due;
    private boolean asking;
    private boolean closed;

    WatchedName(
            String host,
            NameListener listener,
            long queryMillis,
            LongSupplier nanoTime,
            DnsNameResolverBuilder builder) {
        this.host = host;
        this.listener = listener;
        this.nanoTime = nanoTime;
        this.due = nanoTime.getAsLong();
        this.outcomes = new QueryOutcomes(queryMillis);
        this.resolver = builder.resolveCache(lifetime)
                .cnameCache(lifetime.ofAliases())
                .dnsQueryLifecycleObserverFactory(outcomes)
                .build();
    }

    /** Looks the name up if it is time. */
    void tick() {
        if (asking || closed || nanoTime.getAsLong() - due < 0) {
            return;
        }
        asking = true;
        lifetime.restart();
        outcomes.restart();
        resolver.resolveAll(host).addListener((Future<List<InetAddress>> answer) -> done(answer));
    }

    boolean idle() {
        return !asking;
    }

    void close() {
        closed = true;
        resolver.close();
    }

    private void done(Future<List<InetAddress>> answer) {
        asking = false;
        if (closed) {
            return;
        }
        if (answer.isSuccess()) {
            answered(answer.getNow());
        } else {
            failed(outcomes.reason(String.valueOf(answer.cause().getMessage())));
        }
    }

    private void answered(List<InetAddress> answer) {
        List<InetAddress> addresses = new ArrayList<>(answer);
        String lost = keepLostFamily(addresses);
        List<InetAddress> found = addresses.stream().distinct().sorted(ORDER).toList();
        boolean recovered = lost == null && failure != null;
        if (lost == null) {
            failures = 0;
            failure = null;
            due = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(lifetime.seconds());
        }
        if (recovered || !found.equals(known)) {
            known = found;
            listener.onAddresses(found);
        }
        if (lost != null) {
            failed(lost);
        }
    }

    /**
     * If one of the two queries got no answer, the addresses that it gave before are added: a lost datagram must not take
     * half of a backend away.
     *
     * @return why that family is missing, or null if it is not or was not known
     */
    private @Nullable String keepLostFamily(List<InetAddress> addresses) {
        String lost = null;
        for (boolean four : new boolean[] {true, false}) {
            String why = outcomes.lost(four);
            List<InetAddress> before =
                    known.stream().filter(address -> isFour(address) == four).toList();
            if (why != null && !before.isEmpty() && addresses.stream().noneMatch(a -> isFour(a) == four)) {
                addresses.addAll(before);
                lost = why;
            }
        }
        return lost;
    }

    private static boolean isFour(InetAddress address) {
        return address instanceof Inet4Address;
    }

    private void failed(String reason) {
        failures++;
        due = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(Math.min(failures, LONGEST_RETRY_SECONDS));
        if (!reason.equals(failure)) {
            failure = reason;
            listener.onFailure(reason);
        }
    }
}
