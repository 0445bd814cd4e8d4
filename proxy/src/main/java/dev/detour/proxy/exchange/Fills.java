package dev.detour.proxy.exchange;

import dev.detour.proxy.cache.CacheKey;
import dev.detour.proxy.cache.ResponseCache;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The fetches for the cache that are going on, one for each address and form, whatever loop it runs on. Thread-safe. */
public final class Fills {
    private static final List<String> USUAL = List.of("accept", "accept-encoding");
    private static final List<String> USUAL_FOR_PAGES = List.of("accept-encoding");

    /** 50 a second. */
    private static final long RENEWAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ResponseCache cache;
    private final AtomicLong nextRenewal;
    private final Refill refill;
    private final ConcurrentMap<Place, Fill> running = new ConcurrentHashMap<>();

    /**
     * What is fetched once.
     *
     * @param variant what the backend may tell apart: until it says by what, everything that it usually does
     */
    record Place(CacheKey key, String variant) {}

    /** None yet; {@code nanoTime} is when. */
    public Fills(ResponseCache cache, long nanoTime) {
        this.cache = cache;
        this.nextRenewal = new AtomicLong(nanoTime);
        this.refill = new Refill(cache, cache.config().refill(), nanoTime);
    }

    /** Whether one more answer may be renewed before it has to be: they come in turn, however many are due at a time. */
    boolean mayRenew(long nowNanos) {
        long from = nextRenewal.get();
        return nowNanos - from >= 0 && nextRenewal.compareAndSet(from, nowNanos + RENEWAL_NANOS);
    }

    /** How fast it may be filled while it is cold. */
    Refill refill() {
        return refill;
    }

    ResponseCache cache() {
        return cache;
    }

    /** The fetch that such a request may wait for; {@code created} is begun by the caller if it is that one. */
    Fill join(Fill created) {
        Fill earlier = running.putIfAbsent(created.place(), created);
        return earlier == null ? created : earlier;
    }

    /** A request has changed what is at this address (RFC 9111 4.4): what was asked for before must not be kept. */
    void invalidate(CacheKey key) {
        if (!cache.isOn()) {
            return;
        }
        running.forEach((place, fill) -> {
            if (place.key().equals(key)) {
                fill.spoil();
            }
        });
        cache.remove(key);
    }

    void ended(Fill fill) {
        running.remove(fill.place(), fill);
    }

    /** Requests whose answers most backends tell apart do not wait for each other. */
    static Place placeOf(CacheUse use) {
        List<String> usual = use.form().isEmpty() ? USUAL : USUAL_FOR_PAGES;
        return new Place(use.key(), ResponseCache.variant(usual, use.request().headers(), use.form()));
    }
}
