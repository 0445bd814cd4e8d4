package dev.detour.mirror.tree;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.detour.mirror.answer.Page;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rendered pages, kept while the files they were made of and the tombstones stay as they are. The files are looked at again at
 * most once a second, the tombstones always. Thread-safe.
 *
 * @param <K> what a page is asked by
 */
final class PageCache<K> {
    /** Which {@code .metadata} files exist is part of a page but not among its sources: thousands of files. This bounds the error. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private static final int ENTRY_OVERHEAD = 512;
    private static final int LOCKS = 64;

    private final Cache<K, Entry> pages;
    private final LongSupplier nanos;
    private final Supplier<Withdrawn> tombstones;
    private final ReentrantLock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(ReentrantLock[]::new);

    private record Entry(Page page, Sources sources, Recheck recheck) {}

    /** Makes a page; null if the tree has nothing to make it of. */
    interface Builder {
        @Nullable Page build(Sources sources) throws IOException;
    }

    private PageCache(Cache<K, Entry> pages, LongSupplier nanos, Supplier<Withdrawn> tombstones) {
        this.pages = pages;
        this.nanos = nanos;
        this.tombstones = tombstones;
    }

    /** A cache of at most so many bytes; a page larger than all of it is never kept. */
    static <K> PageCache<K> ofBytes(long bytes, LongSupplier nanos, Supplier<Withdrawn> tombstones) {
        Cache<K, Entry> pages = Caffeine.newBuilder()
                .maximumWeight(bytes)
                .weigher((K key, Entry entry) -> entry.page().size() + ENTRY_OVERHEAD)
                .expireAfterWrite(LONGEST)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build();
        return new PageCache<>(pages, nanos, tombstones);
    }

    /** A cache of few pages of any size: the project list of a whole index is larger than a cache of pages ought to be. */
    static <K> PageCache<K> ofEntries(long entries, LongSupplier nanos, Supplier<Withdrawn> tombstones) {
        Cache<K, Entry> pages = Caffeine.newBuilder()
                .maximumSize(entries)
                .executor(Runnable::run)
                .build();
        return new PageCache<>(pages, nanos, tombstones);
    }

    /** The kept page, or null if there is none or it has to be compared with its files first. */
    @Nullable Known<Page> atHand(K key) {
        Entry entry = pages.getIfPresent(key);
        if (entry == null || entry.sources().withdrawn() != tombstones.get()) {
            return null;
        }
        Recheck.State state = entry.recheck().state(nanos.getAsLong());
        return state == Recheck.State.LOOK ? null : new Known<>(entry.page(), state == Recheck.State.USE_AND_LOOK);
    }

    /** The kept page, or a new one. Threads that miss the same page wait for the one that makes it. */
    @Nullable Page get(K key, TreeSource paths, Builder builder) throws IOException {
        Entry entry = pages.getIfPresent(key);
        if (entry != null && current(entry, paths)) {
            return entry.page();
        }
        ReentrantLock building = locks[Math.floorMod(key.hashCode(), locks.length)];
        building.lock();
        try {
            Entry made = pages.getIfPresent(key);
            return made != null && current(made, paths) ? made.page() : build(key, paths, builder);
        } finally {
            building.unlock();
        }
    }

    private @Nullable Page build(K key, TreeSource paths, Builder builder) throws IOException {
        long at = nanos.getAsLong();
        pages.invalidate(key);
        Sources sources = new Sources(paths, tombstones.get());
        Page page = builder.build(sources);
        if (page != null) {
            pages.put(key, new Entry(page, sources, new Recheck(at)));
        }
        return page;
    }

    private boolean current(Entry entry, TreeSource paths) throws IOException {
        if (entry.sources().withdrawn() != tombstones.get()) {
            return false;
        }
        long now = nanos.getAsLong();
        if (entry.recheck().isCurrent(now)) {
            return true;
        }
        if (!entry.sources().unchanged(paths)) {
            return false;
        }
        entry.recheck().checked(now);
        return true;
    }
}
