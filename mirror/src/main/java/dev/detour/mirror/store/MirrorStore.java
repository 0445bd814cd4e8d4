package dev.detour.mirror.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of a mirror, opened by the one process that writes it. What is written is served once it is sealed. Thread-safe.
 *
 * <pre>
 * DIR/lock                    held by the writer
 * DIR/live/                   the database that is written
 * DIR/generations/000042/     a sealed one: hard links to files of live, manifest.json, manifest.sig
 * DIR/current.json            which generation is served
 * DIR/key/                    what generations are signed with
 * DIR/files/                  release files, by SHA-256
 * </pre>
 */
public final class MirrorStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorStore.class);
    private static final String SWEPT = "files-swept";
    private static final Duration SWEEP_EVERY = Duration.ofDays(1);
    /** Longer than a page's files take to come. */
    private static final Duration SWEEP_GRACE = Duration.ofHours(6);

    private final StoreLock lock;
    private final SigningKey key;
    private final Generations generations;
    private final Database live;
    private final FileVault files;
    private final Clock clock;
    /** Changes of content are numbered one by one. */
    private final ReentrantLock committing = new ReentrantLock();

    private final ReentrantLock sealing = new ReentrantLock();
    private long content;

    private MirrorStore(
            StoreLock lock, SigningKey key, Generations generations, Database live, FileVault files, Clock clock)
            throws StoreException {
        this.lock = lock;
        this.key = key;
        this.generations = generations;
        this.live = live;
        this.files = files;
        this.clock = clock;
        this.content = live.content();
    }

    /**
     * Opens a store, and makes it if the directory is empty or not there.
     *
     * @throws StoreException if another process has it open, or it cannot be read; the message says which
     */
    public static MirrorStore open(Path directory, StoreSettings settings, Clock clock) throws StoreException {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StoreException("the store " + directory + " cannot be made: " + e, e);
        }
        StoreLock lock = StoreLock.take(directory);
        Generations generations = null;
        Database live = null;
        try {
            SigningKey key = SigningKey.of(directory);
            generations = Generations.open(directory, key.publicKey(), settings);
            live = Database.open(directory.resolve("live"), generations.blocks());
            FileVault files = FileVault.writing(directory, settings.filesLimit());
            return new MirrorStore(lock, key, generations, live, files, clock);
        } catch (StoreException | RuntimeException e) {
            if (live != null) {
                live.close();
            }
            if (generations != null) {
                generations.close();
            }
            lock.close();
            throw e;
        }
    }

    /** What has been written, sealed or not. */
    public StoreView live() {
        return live;
    }

    /** An empty change. */
    public Change change() {
        return new Change(this, live);
    }

    /** Whether the change was current, and is written. */
    boolean commit(Change change) throws StoreException {
        committing.lock();
        try {
            if (!change.isCurrent(live)) {
                return false;
            }
            if (change.changesContent()) {
                content++;
            }
            change.writeTo(live, content);
            return true;
        } finally {
            committing.unlock();
        }
    }

    /**
     * Makes a generation of what has been written, signs it, and serves it unless another is pinned. If nothing that is served
     * has changed since the last one, that one is confirmed instead.
     *
     * @param confirmedAt when the index's list was asked for that this state agrees with
     * @return the newest generation's number
     * @throws StoreException if it cannot be made; what is served stays as it is
     */
    public long seal(Instant confirmedAt) throws StoreException {
        sealing.lock();
        try {
            Manifest newest = generations.newestManifest();
            if (newest != null && newest.content() == live.content()) {
                generations.confirm(confirmedAt);
                return newest.number();
            }
            long number = generations.newest() + 1;
            Path prepared = generations.fresh(number);
            Manifest manifest = prepare(prepared, number);
            generations.adopt(prepared, manifest, confirmedAt);
            sweepFiles();
            return number;
        } finally {
            sealing.unlock();
        }
    }

    /**
     * Seals what has been written without a word about its age: it is as old as what is served now.
     *
     * @throws StoreException as {@link #seal(Instant)}
     */
    public long seal() throws StoreException {
        return seal(confirmedAt());
    }

    private Instant confirmedAt() {
        try (Generation.Lease lease = generations.current()) {
            return lease == null ? Instant.EPOCH : lease.generation().confirmedAt();
        }
    }

    /** Once a day release files go that no state names any more. */
    private void sweepFiles() throws StoreException {
        Instant now = clock.instant();
        String last = live.note(SWEPT);
        if (files.used() == 0
                || (last != null && Instant.parse(last).plus(SWEEP_EVERY).isAfter(now))) {
            return;
        }
        KeptHashes kept = new KeptHashes();
        live.forEachFile((path, file) -> kept.add(file.sha256()));
        generations.addFilesTo(kept);
        int removed = files.sweep(kept::contains, now.minus(SWEEP_GRACE));
        if (removed > 0) {
            LOG.info("{} release files were removed that nothing names any more", removed);
        }
        try (Change change = change()) {
            change.note(SWEPT, now.toString()).commit();
        }
    }

    private Manifest prepare(Path prepared, long number) throws StoreException {
        live.checkpoint(prepared);
        try (Database sealed = Database.openReadOnly(prepared, generations.blocks())) {
            Manifest manifest = Manifest.of(sealed, number, clock.instant());
            RootPages.write(sealed, prepared);
            byte[] json = manifest.json();
            DurableFile.write(prepared.resolve(Manifest.FILE), json);
            DurableFile.write(prepared.resolve(Manifest.SIGNATURE), key.sign(json));
            return manifest;
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(prepared + " cannot be written: " + e, e);
        }
    }

    /** Merges the files of the database: once after an import. */
    public void compact() throws StoreException {
        live.compact();
    }

    /** The sealed states. */
    public Generations generations() {
        return generations;
    }

    /** Release files. */
    public FileVault files() {
        return files;
    }

    /** The key that generations are signed with. */
    public SigningKey key() {
        return key;
    }

    @Override
    public void close() throws StoreException {
        sealing.lock();
        try {
            live.close();
            generations.close();
            lock.close();
        } finally {
            sealing.unlock();
        }
    }
}
