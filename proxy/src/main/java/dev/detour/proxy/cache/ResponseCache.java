package dev.detour.proxy.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import dev.detour.config.ApiClass;
import dev.detour.config.CacheConfig;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers kept, shared by all event loops. Bodies lie outside the heap; who is given up first is Caffeine's choice
 * (W-TinyLFU, by bytes).
 *
 * <p>It also remembers which addresses have answers that cannot be kept, so that requests for those do not wait for each
 * other in vain.
 *
 * <p>Thread-safe.
 */
public final class ResponseCache implements CacheControls, AutoCloseable {
    private static final Duration PASS_MEMORY = Duration.ofMinutes(2);
    private static final int PASSES = 100_000;

    private final CacheConfig config;
    private final Cache<CacheKey, Variants> kept;
    private final Cache<CacheKey, Boolean> passes;
    private final ByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final long capacity;
    private final AtomicLong arriving = new AtomicLong();
    private final AtomicLong purges = new AtomicLong();
    private final AtomicLong evictions = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong collapsed = new AtomicLong();
    private final AtomicLong revalidated = new AtomicLong();

    /** An empty cache. */
    public ResponseCache(CacheConfig config) {
        this.config = config;
        // the rest is for connections: a proxy without memory for those serves nobody
        this.capacity = Math.min(config.memory(), PlatformDependent.maxDirectMemory() / 2);
        this.kept = Caffeine.newBuilder()
                .maximumWeight(capacity)
                .weigher((CacheKey key, Variants variants) -> variants.weight())
                .evictionListener((key, variants, cause) -> {
                    if (variants != null) {
                        evictions.addAndGet(variants.answers().size());
                        variants.release();
                    }
                })
                .build();
        this.passes = Caffeine.newBuilder()
                .maximumSize(PASSES)
                .expireAfterWrite(PASS_MEMORY)
                .build();
    }

    /** What the operator wrote. */
    public CacheConfig config() {
        return config;
    }

    /** Whether anything is kept at all. */
    public boolean isOn() {
        return capacity > 0;
    }

    /** The answer for such a request, fresh or stale, or null; to read its body, retain it. */
    public @Nullable StoredAnswer find(CacheKey key, HttpHeaders request, String form) {
        Variants variants = kept.getIfPresent(key);
        return variants == null ? null : variants.find(request, form);
    }

    /** Whether anything is kept for an address, whatever kind of request it is meant for. */
    public boolean holds(CacheKey key) {
        return kept.asMap().containsKey(key);
    }

    /**
     * What tells requests for the same address apart.
     *
     * @param form the form of page that the request gets, or empty if it is no request for a page: it takes the place of Accept
     */
    public static String variant(List<String> vary, HttpHeaders request, String form) {
        return form + '|' + VariantKey.of(vary, request, false);
    }

    /**
     * Sets room aside for bodies that arrive: they may take up a quarter of what is kept, together. False if there is none; true
     * obliges to one {@link #unreserve(long)}.
     */
    public boolean reserve(long bytes) {
        if (arriving.addAndGet(bytes) <= capacity / 4) {
            return true;
        }
        arriving.addAndGet(-bytes);
        return false;
    }

    /** What was set aside is kept by now, or given up. */
    public void unreserve(long bytes) {
        arriving.addAndGet(-bytes);
    }

    /** Memory for a body of {@code length} bytes, or for one that grows. */
    public ByteBuf allocate(int length) {
        return memory.directBuffer(length, (int) config.maxEntry());
    }

    /** How often something was purged: an answer that was asked for before a purge must not be kept after it. */
    public long purges() {
        return purges.get();
    }

    /**
     * Keeps an answer, of which it takes over one count, in place of an older one for the same requests.
     *
     * @param purgesSeen {@link #purges()} before it was asked for
     */
    public void keep(CacheKey key, StoredAnswer answer, long purgesSeen) {
        if (purges.get() != purgesSeen) {
            answer.release();
            return;
        }
        stored.incrementAndGet();
        passes.invalidate(key);
        kept.asMap().compute(key, (same, old) -> old == null ? Variants.of(answer) : old.with(answer));
        if (purges.get() != purgesSeen) {
            remove(key);
        }
    }

    /** A request waits for another's fetch. */
    public void noteCollapsed() {
        collapsed.incrementAndGet();
    }

    /** The backend said that an answer still holds. */
    public void noteRevalidated() {
        revalidated.incrementAndGet();
    }

    /** Answers for this address cannot be kept, it turned out. */
    public void notePass(CacheKey key) {
        passes.put(key, Boolean.TRUE);
    }

    /** Whether it is known that answers for this address cannot be kept. */
    public boolean passes(CacheKey key) {
        return passes.getIfPresent(key) != null;
    }

    /** Forgets what is at an address. */
    public int remove(CacheKey key) {
        Variants gone = kept.asMap().remove(key);
        if (gone == null) {
            return 0;
        }
        gone.release();
        return gone.answers().size();
    }

    @Override
    public int purge(Purge purge) {
        purges.incrementAndGet();
        Predicate<CacheKey> named = purge.all() ? key -> true : namedBy(purge.urls());
        Set<String> surrogates = Set.copyOf(purge.keys());
        int count = 0;
        for (CacheKey key : kept.asMap().keySet()) {
            Variants variants = kept.policy().getIfPresentQuietly(key);
            if (variants == null || !(named.test(key) || carries(variants, surrogates))) {
                continue;
            }
            if (purge.hard()) {
                count += remove(key);
            } else {
                variants.answers().forEach(StoredAnswer::outdate);
                count += variants.answers().size();
            }
        }
        return count;
    }

    private static boolean carries(Variants variants, Set<String> surrogates) {
        for (StoredAnswer each : variants.answers()) {
            for (String key : each.policy().keys()) {
                if (surrogates.contains(key)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Predicate<CacheKey> namedBy(List<String> urls) {
        Set<CacheKey> anyBackend = new HashSet<>();
        Set<String> anyHost = new HashSet<>();
        for (String url : urls) {
            PurgedUrl purged = PurgedUrl.of(url);
            for (ApiClass api : ApiClass.values()) {
                CacheKey key = CacheKey.of("", purged.host(), purged.target(), api, keepsQuery(api));
                if (purged.host() == null) {
                    anyHost.add(key.target());
                } else {
                    anyBackend.add(key);
                }
            }
        }
        return key -> anyHost.contains(key.target()) || anyBackend.contains(new CacheKey("", key.host(), key.target()));
    }

    /** Whether the query means anything at addresses of this class: where it does not, crawlers must not make copies with it. */
    public static boolean keepsQuery(ApiClass api) {
        return api != ApiClass.SIMPLE && api != ApiClass.JSON && api != ApiClass.FILE;
    }

    @Override
    public CacheStatistics statistics() {
        long entries = kept.asMap().values().stream()
                .mapToLong(variants -> variants.answers().size())
                .sum();
        long bytes = kept.policy()
                .eviction()
                .map(Policy.Eviction::weightedSize)
                .map(size -> size.orElse(0))
                .orElse(0L);
        return new CacheStatistics(
                entries, bytes, capacity, evictions.get(), stored.get(), collapsed.get(), revalidated.get());
    }

    /** Gives all memory back. */
    @Override
    public void close() {
        purges.incrementAndGet();
        kept.asMap().keySet().forEach(this::remove);
    }
}
