package dev.detour.mirror.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sealed states of a store, of which one is served. Any process may read them, also while another writes the store; a
 * switch that another process made is seen within a second. Thread-safe.
 */
public final class Generations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path store;
    private final PublicKey key;
    private final GenerationFolders folders;
    private final Cache blocks;
    /** Held while the served generation changes; never by readers of it. */
    private final ReentrantLock switching = new ReentrantLock();

    private volatile @Nullable Generation current;
    private volatile String problem = "it has no generation yet";
    private volatile long checkedAt = System.nanoTime();
    private volatile long askedAt = System.nanoTime();
    private @Nullable FileTime pointerTime;
    private boolean closed;

    /**
     * A generation as a line of a table.
     *
     * @param confirmedAt when the index's list was asked for that it agrees with, or null if that is not known
     * @param problem why it cannot be served, or null
     */
    public record Summary(
            long number,
            @Nullable Instant sealedAt,
            @Nullable Instant confirmedAt,
            long pages,
            long listed,
            boolean current,
            boolean pinned,
            @Nullable String problem) {}

    private Generations(Path store, PublicKey key, StoreSettings settings) {
        this.store = store;
        this.key = key;
        this.folders = new GenerationFolders(store, settings.keep());
        Database.load();
        this.blocks = new LRUCache(settings.blockCacheBytes());
    }

    /**
     * Those of a store.
     *
     * @param key what they must be signed with
     * @throws StoreException if the directory cannot be used; a generation that is damaged is passed over instead
     */
    public static Generations open(Path store, PublicKey key, StoreSettings settings) throws StoreException {
        Generations generations = new Generations(store, key, settings);
        try {
            generations.folders.create();
        } catch (IOException e) {
            throw new StoreException("the store " + store + " cannot be used: " + e, e);
        }
        generations.refresh();
        return generations;
    }

    /** Those of a store of our own, which is signed with its own key. */
    public static Generations open(Path store, StoreSettings settings) throws StoreException {
        return open(store, SigningKey.publicKey(SigningKey.publicFile(store)), settings);
    }

    /** The served one, held until the lease is closed; null if there is none. */
    public Generation.@Nullable Lease current() {
        if (System.nanoTime() - checkedAt > RECHECK_NANOS && switching.tryLock()) {
            try {
                checkedAt = System.nanoTime();
                refresh();
            } finally {
                switching.unlock();
            }
        }
        for (Generation served = current; served != null; served = current) {
            if (served.hold()) {
                return new Generation.Lease(served);
            }
        }
        return null;
    }

    /** The same without a look at the disk; null also while it is switched. */
    Generation.@Nullable Lease atHand() {
        Generation served = current;
        return served != null && served.hold() ? new Generation.Lease(served) : null;
    }

    /** Whether somebody has to look at the disk; said to one a second. */
    boolean isDue() {
        long now = System.nanoTime();
        boolean due = now - checkedAt > RECHECK_NANOS && now - askedAt > RECHECK_NANOS && !switching.isLocked();
        if (due) {
            askedAt = now;
        }
        return due;
    }

    /** Why there is none to be served. */
    public String problem() {
        return problem;
    }

    Cache blocks() {
        return blocks;
    }

    /** Looks at what the pointer says, and switches. */
    private void refresh() {
        switching.lock();
        try {
            FileTime time = Files.exists(store.resolve(Pointer.FILE))
                    ? Files.getLastModifiedTime(store.resolve(Pointer.FILE))
                    : null;
            if (closed || time == null || time.equals(pointerTime)) {
                return;
            }
            Pointer pointer = Pointer.read(store);
            if (pointer != null) {
                follow(pointer);
                pointerTime = time;
            }
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
            LOG.warn("mirror store {}: {}", store, e.getMessage());
        } finally {
            switching.unlock();
        }
    }

    /** Serves what the pointer says or, if that is damaged, the newest before it that is not. */
    private void follow(Pointer pointer) throws StoreException {
        Generation served = current;
        Instant confirmed = confirmedAt(pointer, pointer.generation());
        if (served != null && served.number() == pointer.generation()) {
            current = served.confirmed(confirmed);
            return;
        }
        StoreException first = null;
        List<Long> numbers = folders.numbers();
        for (int i = numbers.size() - 1; i >= 0; i--) {
            long number = numbers.get(i);
            if (number > pointer.generation()) {
                continue;
            }
            try {
                Generation opened = Generation.open(folders.of(number), key, blocks, confirmedAt(pointer, number));
                opened.render();
                serve(opened);
                return;
            } catch (StoreException e) {
                LOG.error("mirror store {}: generation {} cannot be served: {}", store, number, e.getMessage());
                first = first == null ? e : first;
            }
        }
        throw first != null ? first : new StoreException("generation " + pointer.generation() + " is not there");
    }

    private static Instant confirmedAt(Pointer pointer, long number) {
        Instant confirmed = pointer.confirmed().get(number);
        // of unknown age: as old as can be
        return confirmed == null ? Instant.EPOCH : confirmed;
    }

    private void serve(Generation opened) {
        Generation before = current;
        current = opened;
        problem = "";
        if (before != null) {
            before.release();
        }
    }

    /** Where a generation is put together: a directory that is not there. */
    public Path fresh(long number) throws StoreException {
        return folders.fresh(number);
    }

    /** The number of the newest; 0 if there is none. */
    public long newest() throws StoreException {
        List<Long> numbers = folders.numbers();
        return numbers.isEmpty() ? 0 : numbers.get(numbers.size() - 1);
    }

    /** The manifest of the newest, or null. */
    @Nullable Manifest newestManifest() throws StoreException {
        long newest = newest();
        return newest == 0 ? null : Generation.manifest(folders.of(newest), key);
    }

    /**
     * Takes in a directory that was put together elsewhere, once its signature and its rows have been checked, and serves it
     * unless another is pinned.
     *
     * @param prepared from {@link #fresh}
     * @throws StoreException if it is not what its manifest says; everything is as before, then
     */
    public void adopt(Path prepared, Instant confirmedAt) throws StoreException {
        Manifest manifest = Generation.manifest(prepared, key);
        Generation checked = Generation.open(prepared, key, blocks, confirmedAt);
        checked.release();
        adopt(prepared, manifest, confirmedAt);
    }

    /** Takes in one that this process has made. */
    void adopt(Path prepared, Manifest manifest, Instant confirmedAt) throws StoreException {
        switching.lock();
        try {
            Path directory = folders.of(manifest.number());
            if (Files.exists(directory)) {
                throw new StoreException("there is a generation " + manifest.number() + " already");
            }
            DurableFile.move(prepared, directory);
            Pointer before = Pointer.read(store);
            boolean pinned = before != null && before.pinned();
            SortedMap<Long, Instant> confirmed = new TreeMap<>(before == null ? new TreeMap<>() : before.confirmed());
            confirmed.put(manifest.number(), confirmedAt);
            long number = pinned && before != null ? before.generation() : manifest.number();
            if (!pinned) {
                Generation opened = Generation.trusted(directory, manifest, blocks, confirmedAt);
                opened.render();
                point(new Pointer(number, false, confirmed));
                serve(opened);
            } else {
                point(new Pointer(number, true, confirmed));
            }
            folders.prune(number);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException("generation " + manifest.number() + " cannot be taken in: " + e, e);
        } finally {
            switching.unlock();
        }
    }

    private void point(Pointer pointer) throws StoreException {
        List<Long> numbers = folders.numbers();
        SortedMap<Long, Instant> confirmed = new TreeMap<>(pointer.confirmed());
        confirmed.keySet().retainAll(numbers);
        new Pointer(pointer.generation(), pointer.pinned(), confirmed).write(store);
        try {
            pointerTime = Files.getLastModifiedTime(store.resolve(Pointer.FILE));
        } catch (IOException e) {
            throw new StoreException(store.resolve(Pointer.FILE) + " cannot be read: " + e, e);
        }
    }

    /** The index's list was asked for again, and the newest generation agrees with it. */
    public void confirm(Instant at) throws StoreException {
        switching.lock();
        try {
            Pointer pointer = Pointer.read(store);
            if (pointer == null) {
                return;
            }
            SortedMap<Long, Instant> confirmed = new TreeMap<>(pointer.confirmed());
            confirmed.put(newest(), at);
            point(new Pointer(pointer.generation(), pointer.pinned(), confirmed));
            Generation served = current;
            if (served != null && served.number() == newest()) {
                current = served.confirmed(at);
            }
        } finally {
            switching.unlock();
        }
    }

    /**
     * Serves another generation: one swap of the pointer, after which requests get the other one.
     *
     * @param pin whether later ones do not take its place until {@link #unpin}
     * @throws StoreException if it is not there or cannot be served; everything is as before, then
     */
    public void use(long number, boolean pin) throws StoreException {
        switching.lock();
        try {
            if (!folders.numbers().contains(number)) {
                throw new StoreException(
                        "there is no generation " + number + " (expected: one of " + folders.numbers() + ")");
            }
            Pointer before = Pointer.read(store);
            SortedMap<Long, Instant> confirmed = before == null ? new TreeMap<>() : before.confirmed();
            Pointer wanted = new Pointer(number, pin, confirmed);
            Generation served = current;
            if (served == null || served.number() != number) {
                Generation opened = Generation.open(folders.of(number), key, blocks, confirmedAt(wanted, number));
                opened.render();
                point(wanted);
                serve(opened);
            } else {
                point(wanted);
            }
        } finally {
            switching.unlock();
        }
    }

    /** Serves the newest, and those that come. */
    public void unpin() throws StoreException {
        use(newest(), false);
    }

    /** All of them, oldest first. */
    public List<Summary> list() throws StoreException {
        Pointer pointer = Pointer.read(store);
        Generation served = current;
        List<Summary> all = new ArrayList<>();
        for (long number : folders.numbers()) {
            boolean isCurrent = served != null && served.number() == number;
            boolean pinned = isCurrent && pointer != null && pointer.pinned();
            Instant confirmed = pointer == null ? null : pointer.confirmed().get(number);
            try {
                Manifest manifest = Generation.manifest(folders.of(number), key);
                all.add(new Summary(
                        number,
                        manifest.sealedAt(),
                        confirmed,
                        manifest.pages(),
                        manifest.listed(),
                        isCurrent,
                        pinned,
                        null));
            } catch (StoreException e) {
                all.add(new Summary(number, null, confirmed, 0, 0, isCurrent, pinned, e.getMessage()));
            }
        }
        return all;
    }

    /**
     * Opens one for reading, beside what is served.
     *
     * @throws StoreException if it is not there, or not what was signed
     */
    public Generation.Lease open(long number) throws StoreException {
        Pointer pointer = Pointer.read(store);
        Instant confirmed = pointer == null ? Instant.EPOCH : confirmedAt(pointer, number);
        return new Generation.Lease(Generation.open(folders.of(number), key, blocks, confirmed));
    }

    /** Takes in the hashes of all release files that one of them names. */
    public void addFilesTo(KeptHashes kept) throws StoreException {
        for (Summary sealed : list()) {
            if (sealed.problem() == null) {
                try (Generation.Lease lease = open(sealed.number())) {
                    lease.generation().view().forEachFile((path, file) -> kept.add(file.sha256()));
                }
            }
        }
    }

    @Override
    public void close() {
        switching.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Generation served = current;
            current = null;
            if (served != null) {
                served.release();
            }
            blocks.close();
        } finally {
            switching.unlock();
        }
    }
}
