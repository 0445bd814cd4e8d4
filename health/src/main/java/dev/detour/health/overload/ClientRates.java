package dev.detour.health.overload;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often single clients may have the backend's attention: a token bucket each.
 *
 * <p>A client is an IPv4 address, or an IPv6 network of 64 bits: whoever has one such address has all of them.
 *
 * <p>Bounded: beyond 100 000 clients at a time, those seldom seen are forgotten, and begin with a full bucket when they come
 * back. Thread-safe; a client already known costs no lock.
 */
public final class ClientRates {
    private static final int CLIENTS = 100_000;

    /** Caffeine takes note of an access at most once a second: without this, a client that keeps asking would be forgotten. */
    private static final long UNNOTICED_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long intervalNanos;
    private final long toleranceNanos;
    private final LongSupplier nanoClock;
    /** When the bucket of each client will be full again, which is all there is to know about a bucket. */
    private final Cache<Long, AtomicLong> fullAt;

    /**
     * Every client's bucket is full.
     *
     * @param perSecond requests a second of one client, or 0 for any number
     * @param burst requests that a client which was quiet may make at once; at least 1
     * @param nanoClock monotonic time, as {@link System#nanoTime()}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public ClientRates(int perSecond, int burst, LongSupplier nanoClock) {
        if (perSecond < 0) {
            throw new IllegalArgumentException("perSecond: " + perSecond + " (expected: at least 0)");
        }
        if (perSecond > 0 && burst < 1) {
            throw new IllegalArgumentException("burst: " + burst + " (expected: at least 1)");
        }
        // rounded up, so that never more than the rate is granted
        long second = TimeUnit.SECONDS.toNanos(1);
        this.intervalNanos = perSecond == 0 ? 0 : (second + perSecond - 1) / perSecond;
        this.toleranceNanos = intervalNanos * Math.max(0, burst - 1);
        this.nanoClock = nanoClock;
        this.fullAt = Caffeine.newBuilder()
                .maximumSize(CLIENTS)
                .expireAfterAccess(Duration.ofNanos(toleranceNanos + intervalNanos + UNNOTICED_NANOS))
                .ticker(nanoClock::getAsLong)
                .build();
    }

    /** Takes one request out of the client's bucket; false if the bucket is empty. */
    public boolean tryTake(InetAddress client) {
        if (intervalNanos == 0) {
            return true;
        }
        long now = nanoClock.getAsLong();
        AtomicLong bucket = fullAt.get(key(client), unknown -> new AtomicLong(now));
        while (true) {
            long seen = bucket.get();
            long full = seen - now < 0 ? now : seen;
            if (full - now > toleranceNanos) {
                return false;
            }
            if (bucket.compareAndSet(seen, full + intervalNanos)) {
                return true;
            }
        }
    }

    /** The first 64 bits. IPv4 addresses go where ::/32 is, which is reserved (RFC 4291 2.4, 4) and belongs to nobody. */
    private static long key(InetAddress client) {
        byte[] address = client.getAddress();
        long key = 0;
        for (int i = 0; i < Math.min(address.length, Long.BYTES); i++) {
            key = (key << Byte.SIZE) | (address[i] & 0xff);
        }
        return key;
    }

    /** How many clients are remembered; for tests. */
    long clients() {
        fullAt.cleanUp();
        return fullAt.estimatedSize();
    }
}
