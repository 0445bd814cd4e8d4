package dev.detour.proxy.exchange;

import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.cache.StoredAnswer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast a cold cache is filled again: in the minute after a start or a purge of everything, fetches beyond a rate are put
 * off where an older copy can be given meanwhile. Where there is none the backend is asked; what it takes at a time is its
 * concurrency limit's business.
 *
 * <p>Thread-safe.
 */
final class Refill {
    private static final long COLD_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** A loop's clock ticks in bursts; what is due within this is due now. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ResponseCache cache;
    private final long intervalNanos;
    /** When the next fetch is due if each has its interval. */
    private final AtomicLong due;

    Refill(ResponseCache cache, int perSecond, long nowNanos) {
        this.cache = cache;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.due = new AtomicLong(nowNanos);
    }

    /** A fetch begins. */
    void began(long nowNanos) {
        if (isCold(nowNanos)) {
            due.updateAndGet(next -> Math.max(next - nowNanos, 0) + nowNanos + intervalNanos);
        }
    }

    /** Whether as many fetches have begun as may. */
    boolean isAhead(long nowNanos) {
        return isCold(nowNanos) && due.get() - nowNanos > SLACK_NANOS;
    }

    /** Whether an answer is from before the cache went cold: one that has been fetched since is asked for like any other. */
    boolean isLeftOver(StoredAnswer kept) {
        return kept.isOlderThan(cache.coldSince());
    }

    private boolean isCold(long nowNanos) {
        return nowNanos - cache.coldSince() < COLD_NANOS;
    }
}
