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
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final @Nullable DiskTier disk;
    private final Cache<CacheKey, Variants> kept;
    private final Cache<CacheKey, Boolean> passes;
    private final ByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
    private final Compressor compressor = new Compressor(memory);
    private final Forms forms;
    private final long capacity;
    private final AtomicLong arriving = new AtomicLong();
    private final RecentPurges purges = new RecentPurges();
    private volatile long coldSince;
    private volatile boolean closed;
    /** How often something was forgotten or marked: what was read from the disk before must not be kept after it. */
    private final AtomicLong changes = new AtomicLong();

    private final AtomicLong evictions = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();
    private final AtomicLong collapsed = new AtomicLong();
    private final AtomicLong revalidated = new AtomicLong();

    /**
     * A cache that has what is on its disk, if it has one.
     *
     * @param clock the time of day
     * @param nanoClock as {@link System#nanoTime()}
     */
    public ResponseCache(CacheConfig config, Clock clock, LongSupplier nanoClock) {
        this.config = config;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.coldSince = nanoClock.getAsLong();
        // the rest is for connections: a proxy without memory for those serves nobody
        this.capacity = Math.min(config.memory(), PlatformDependent.maxDirectMemory() / 2);
        this.forms = new Forms(this, compressor, config.compress() && capacity > 0);
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
        this.disk = config.disk() == null ? null : new DiskTier(config.disk(), this::contains, clock, nanoClock);
        if (disk != null) {
            disk.awaitOpen();
        }
    }

    /** Whether there is any answer of an address in memory, for whatever requests. */
    public boolean contains(CacheKey key) {
        return kept.policy().getIfPresentQuietly(key) != null;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    long wallMillis() {
        return clock.millis();
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

    /** How its answers are given to clients. */
    public Forms forms() {
        return forms;
    }

    /** An answer has become heavier. */
    void weighAnew(CacheKey key, StoredAnswer answer) {
        kept.asMap()
                .computeIfPresent(
                        key,
                        (same, variants) ->
                                variants.answers().contains(answer) ? new Variants(variants.answers()) : variants);
    }

    /** When it began to be filled anew: at its start, or when everything was purged; as {@link System#nanoTime()}. */
    public long coldSince() {
        return coldSince;
    }

    /** The number of the latest purge: an answer that was asked for before one that names it must not be kept after it. */
    public long purges() {
        return purges.latest();
    }

    /**
     * Keeps an answer, of which it takes over one count, in place of an older one for the same requests.
     *
     * @param purgesSeen {@link #purges()} before it was asked for
     */
    public void keep(CacheKey key, StoredAnswer answer, long purgesSeen) {
        if (closed || purges.concern(key, answer, purgesSeen)) {
            answer.release();
            return;
        }
        stored.incrementAndGet();
        passes.invalidate(key);
        kept.asMap().compute(key, (same, old) -> {
            save(key, answer);
            return old == null ? Variants.of(answer) : old.with(answer);
        });
        if (closed || purges.concern(key, answer, purgesSeen)) {
            remove(key);
        }
    }

    /** In the order of the changes in memory, so within them. */
    private void save(CacheKey key, StoredAnswer answer) {
        if (disk == null) {
            return;
        }
        if (answer.status() >= 400 || answer.isPersonal()) {
            // what was taken down must not come back with a restart, and cookies are not for files
            disk.forget(key);
        } else if (answer.tryRetain()) {
            disk.save(key, answer);
        }
    }

    /** Whether the disk may have what {@link #find} did not find. */
    public boolean mayRecall(CacheKey key) {
        return disk != null && disk.mayHave(key);
    }

    /**
     * Looks on the disk.
     *
     * @param then is given the answer with a count, or null; on another thread
     */
    public void recall(CacheKey key, HttpHeaders request, String form, Consumer<@Nullable StoredAnswer> then) {
        if (disk == null) {
            then.accept(null);
            return;
        }
        Recall recall = new Recall(this, key, request, form);
        disk.recall(key, recall, () -> {
            if (recall.isOutdone()) {
                recall(key, request, form, then);
            } else {
                then.accept(recall.answer());
            }
        });
    }

    /** How often something was forgotten or marked. */
    long changes() {
        return changes.get();
    }

    /**
     * Takes in an answer from the disk, with a count of its own, unless memory has a newer one.
     *
     * @param changesSeen {@link #changes()} before it was looked for
     * @return false if something was forgotten since then: it may have been this
     */
    boolean promote(CacheKey key, StoredAnswer read, long changesSeen) {
        boolean[] outdone = {false};
        kept.asMap().compute(key, (same, old) -> {
            outdone[0] = changes.get() != changesSeen;
            if (outdone[0] || (old != null && old.has(read)) || !read.tryRetain()) {
                return old;
            }
            return old == null ? Variants.of(read) : old.with(read);
        });
        return !outdone[0];
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
        return removeAndThen(key, () -> {
            if (disk != null) {
                disk.forget(key);
            }
            // only now: whoever looks on the disk later stands behind this in its queue
            changes.incrementAndGet();
        });
    }

    private int removeAndThen(CacheKey key, Runnable within) {
        int[] count = {0};
        kept.asMap().compute(key, (same, gone) -> {
            within.run();
            if (gone != null) {
                gone.release();
                count[0] = gone.answers().size();
            }
            return null;
        });
        return count[0];
    }

    @Override
    public PurgeResult purge(Purge purge) {
        PurgedAddresses addresses = PurgedAddresses.of(purge.urls());
        purges.add(purge, addresses);
        if (purge.all()) {
            coldSince = nanoClock.getAsLong();
        }
        CompletableFuture<Integer> onDisk =
                disk == null ? CompletableFuture.completedFuture(0) : disk.purge(purge, addresses);
        changes.incrementAndGet();
        return new PurgeResult(purgeMemory(purge, purge.all() ? key -> true : addresses::contains), onDisk);
    }

    private int purgeMemory(Purge purge, Predicate<CacheKey> named) {
        Set<String> surrogates = Set.copyOf(purge.keys());
        int count = 0;
        for (CacheKey key : kept.asMap().keySet()) {
            Variants variants = kept.policy().getIfPresentQuietly(key);
            if (variants == null || !(named.test(key) || carries(variants, surrogates))) {
                continue;
            }
            if (purge.hard()) {
                count += removeAndThen(key, () -> {});
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
                entries,
                bytes,
                capacity,
                evictions.get(),
                stored.get(),
                collapsed.get(),
                revalidated.get(),
                disk == null ? null : disk.statistics());
    }

    /** Gives all memory back; what is on the disk stays there. */
    @Override
    public void close() {
        closed = true;
        if (disk != null) {
            disk.close();
        }
        compressor.close();
        changes.incrementAndGet();
        kept.asMap().keySet().forEach(key -> removeAndThen(key, () -> {}));
    }
}
