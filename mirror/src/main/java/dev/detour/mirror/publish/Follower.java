package dev.detour.mirror.publish;

import dev.detour.config.StoreConfig;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.KeptHashes;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreLock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store at the generation of a {@link Publication} somewhere else. Only what is signed by the publication's key is
 * taken, only what is not here already is fetched, and nothing is served before all of it is here and checked. Whatever goes
 * wrong, the generation that is served stays; its age counts on. Thread-safe.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration STALL = Duration.ofSeconds(30);
    private static final Duration SWEEP_EVERY = Duration.ofDays(1);

    private final Path store;
    private final Generations generations;
    private final PublicKey key;
    private final Remote remote;
    private final Clock clock;
    private final StoreLock lock;
    private final Followed followed;
    private final FileVault vault;
    private final ReleaseFileTransfer releaseFiles;
    private final ReentrantLock running = new ReentrantLock();
    private final ScheduledExecutorService timer;
    private volatile FollowStatus status;
    private @Nullable String tag;
    private Instant sweptAt = Instant.EPOCH;

    /** What a run did. */
    public enum Result {
        /** Nothing new is published. */
        UNCHANGED,
        /** The generation that is here was confirmed later. */
        CONFIRMED,
        /** Another generation is here now. */
        ADOPTED
    }

    /**
     * What a run did, and how much it took.
     *
     * @param generation the newest that is here
     * @param fetched objects and release files that were fetched
     * @param reused objects that were here
     * @param fetchedBytes size of the fetched ones
     */
    public record Outcome(Result result, long generation, int fetched, int reused, long fetchedBytes) {}

    /**
     * Which release files are taken over.
     *
     * @param limit the most bytes of them
     */
    public record ReleaseFiles(StoreConfig.Files kinds, long limit) {
        public static final ReleaseFiles NONE = new ReleaseFiles(StoreConfig.Files.NONE, 0);
    }

    private Follower(
            Path store,
            Generations generations,
            PublicKey key,
            Remote remote,
            ReleaseFiles files,
            Clock clock,
            StoreLock lock)
            throws StoreException {
        this.store = store;
        this.generations = generations;
        this.key = key;
        this.remote = remote;
        this.clock = clock;
        this.lock = lock;
        this.followed = new Followed(store, "incoming");
        this.vault = FileVault.writing(store, files.limit());
        this.releaseFiles =
                new ReleaseFileTransfer(remote, new Followed(store, "incoming-files"), vault, files.kinds());
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "detour-follow");
            thread.setDaemon(true);
            return thread;
        });
        this.status = new FollowStatus(null, null, generations.newest(), newestConfirmedAt(), false, null);
    }

    /**
     * Prepares to follow; nothing is fetched yet.
     *
     * @param store directory of the store that follows; it has no other writer
     * @param generations those of that store, opened with {@code key}; closed by whoever opened them
     * @param key the publication's, got in another way than from there
     * @param url of the publication: http, https or file
     * @param files which release files are taken over
     * @throws StoreException if the store is in use, or nothing can be at that URL
     */
    public static Follower open(
            Path store, Generations generations, PublicKey key, URI url, ReleaseFiles files, Clock clock)
            throws StoreException {
        return open(store, generations, key, url, files, clock, STALL);
    }

    /** With the time that a transfer may make no progress, for tests. */
    static Follower open(
            Path store,
            Generations generations,
            PublicKey key,
            URI url,
            ReleaseFiles files,
            Clock clock,
            Duration stall)
            throws StoreException {
        Remote remote = Remote.at(url, stall);
        StoreLock lock = StoreLock.take(
                store.resolve("lock"), store.toAbsolutePath().toString(), " (expected: one writer at a time)");
        try {
            return new Follower(store, generations, key, remote, files, clock, lock);
        } catch (StoreException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Runs now and then again and again, with so much time in between. Problems are logged and in {@link #status}. */
    public void start(Duration every) {
        timer.scheduleWithFixedDelay(this::runQuietly, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void runQuietly() {
        String before = status.problem();
        try {
            Outcome outcome = runNow();
            if (outcome.result() == Result.ADOPTED) {
                LOG.info(
                        "mirror store {}: generation {}, {} objects ({} bytes) fetched, {} were here",
                        store,
                        outcome.generation(),
                        outcome.fetched(),
                        outcome.fetchedBytes(),
                        outcome.reused());
            } else if (before != null) {
                LOG.info("mirror store {}: {} can be followed again", store, remote.name(""));
            }
        } catch (StoreException e) {
            if (!String.valueOf(e.getMessage()).equals(before)) {
                LOG.warn("mirror store {}: {}", store, e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("mirror store {} cannot follow {}", store, remote.name(""), e);
        }
    }

    /** How following goes. */
    public FollowStatus status() {
        return status;
    }

    /**
     * Looks at the publication, and takes over what is new.
     *
     * @throws StoreException if that fails; the message names the file. What is served stays
     */
    public Outcome runNow() throws StoreException {
        running.lock();
        try {
            Outcome outcome = run();
            report(null);
            return outcome;
        } catch (StoreException e) {
            report(String.valueOf(e.getMessage()));
            throw e;
        } catch (IOException e) {
            report(String.valueOf(e.getMessage()));
            throw new StoreException(String.valueOf(e.getMessage()), e);
        } finally {
            running.unlock();
        }
    }

    private void report(@Nullable String problem) throws StoreException {
        Instant now = clock.instant();
        Instant success = problem == null ? now : status.lastSuccess();
        PublishedPointer believed = believed();
        boolean expired = believed != null && believed.expires().isBefore(now);
        status = new FollowStatus(now, success, generations.newest(), newestConfirmedAt(), expired, problem);
    }

    private @Nullable Instant newestConfirmedAt() throws StoreException {
        List<Generations.Summary> all = generations.list();
        return all.isEmpty() ? null : all.get(all.size() - 1).confirmedAt();
    }

    private Outcome run() throws IOException {
        long newest = generations.newest();
        Remote.Received received = remote.get(PublishedPointer.FILE, PublishedPointer.MAX_BYTES, tag);
        if (received == null) {
            return new Outcome(Result.UNCHANGED, newest, 0, 0, 0);
        }
        String where = remote.name(PublishedPointer.FILE);
        PublishedPointer pointer = PublishedPointer.verified(received.content(), key, where);
        refuseReplay(pointer, newest, where);
        Outcome outcome = pointer.generation() == newest ? confirm(pointer) : adopt(pointer);
        followed.believe(received.content());
        tag = received.tag();
        return outcome;
    }

    /** A publication that was copied aside and is put back must not bring back what the index has removed since. */
    private void refuseReplay(PublishedPointer pointer, long newest, String where) throws StoreException {
        if (pointer.generation() < newest) {
            throw new StoreException(
                    where + " has generation " + pointer.generation() + " (expected: at least " + newest
                            + ", which is here; a publication that was begun anew is followed into an empty directory)");
        }
        PublishedPointer believed = believed();
        boolean older = believed != null
                && (pointer.generation() < believed.generation()
                        || pointer.confirmedAt().isBefore(believed.confirmedAt()));
        if (older && believed != null) {
            throw new StoreException(where + " has generation " + pointer.generation() + ", confirmed at "
                    + pointer.confirmedAt() + " (expected: nothing before generation " + believed.generation()
                    + ", confirmed at " + believed.confirmedAt() + ", which was there before)");
        }
    }

    /** The last pointer that was believed; null if there is none of this key. */
    private @Nullable PublishedPointer believed() throws StoreException {
        try {
            byte[] bytes = followed.pointer();
            return bytes == null
                    ? null
                    : PublishedPointer.verified(
                            bytes, key, followed.pointerFile().toString());
        } catch (StoreException e) {
            // of another key, or damaged: the generations here tell how far we were
            return null;
        } catch (IOException e) {
            throw new StoreException(followed.pointerFile() + " cannot be read: " + e, e);
        }
    }

    private Outcome confirm(PublishedPointer pointer) throws StoreException {
        Instant known = newestConfirmedAt();
        if (known != null && !pointer.confirmedAt().isAfter(known)) {
            return new Outcome(Result.UNCHANGED, pointer.generation(), 0, 0, 0);
        }
        generations.confirm(pointer.confirmedAt());
        return new Outcome(Result.CONFIRMED, pointer.generation(), 0, 0, 0);
    }

    private Outcome adopt(PublishedPointer pointer) throws IOException {
        PublishedGeneration generation = generation(pointer);
        followed.keepIncoming(generation);
        Map<String, Path> present = followed.present();
        Map<String, PublishedFile> missing = new LinkedHashMap<>();
        for (PublishedFile file : generation.files()) {
            if (!present.containsKey(file.sha256()) && !isFetched(file)) {
                missing.put(file.sha256(), file);
            }
        }
        long bytes = missing.values().stream().mapToLong(PublishedFile::size).sum();
        requireRoom(bytes);
        new ObjectTransfer(remote, followed).fetch(List.copyOf(missing.values()));
        int filesBefore = releaseFiles.fetched();
        long bytesBefore = releaseFiles.fetchedBytes();
        if (generation.releaseFiles() != null) {
            releaseFiles.fetch(generation.releaseFiles());
        }
        Path prepared = generations.fresh(generation.number());
        followed.assemble(generation, present, prepared);
        followed.remember(generation);
        try {
            generations.adopt(prepared, pointer.confirmedAt());
        } catch (StoreException e) {
            followed.distrust(generation, prepared);
            throw new StoreException(
                    remote.name(PublishedGeneration.path(generation.number())) + ": " + e.getMessage(), e);
        }
        followed.clearIncoming();
        sweepFiles();
        return new Outcome(
                Result.ADOPTED,
                generation.number(),
                missing.size() + releaseFiles.fetched() - filesBefore,
                generation.files().size() - missing.size(),
                bytes + releaseFiles.fetchedBytes() - bytesBefore);
    }

    /** Now and then release files go that no generation here names any more. */
    private void sweepFiles() throws StoreException {
        Instant now = clock.instant();
        if (vault.used() > 0 && sweptAt.plus(SWEEP_EVERY).isBefore(now)) {
            KeptHashes kept = new KeptHashes();
            generations.addFilesTo(kept);
            vault.sweep(kept::contains, Instant.MAX);
            sweptAt = now;
        }
    }

    private PublishedGeneration generation(PublishedPointer pointer) throws IOException {
        String path = PublishedGeneration.path(pointer.generation());
        Remote.Received received = remote.get(path, PublishedGeneration.MAX_BYTES, null);
        byte[] content = received == null ? new byte[0] : received.content();
        String hash = Sha256.hex(content);
        if (content.length != pointer.size() || !hash.equals(pointer.sha256())) {
            throw new StoreException(remote.name(path) + " has " + content.length + " bytes with the hash " + hash
                    + " (expected: " + pointer.size() + " with " + pointer.sha256() + ", as the pointer says)");
        }
        PublishedGeneration generation = PublishedGeneration.parse(content, remote.name(path));
        if (generation.number() != pointer.generation()) {
            throw new StoreException(remote.name(path) + " is of generation " + generation.number() + " (expected: "
                    + pointer.generation() + ")");
        }
        return generation;
    }

    /** Whether an earlier run fetched it; it got its name after its hash had been checked. */
    private boolean isFetched(PublishedFile file) throws IOException {
        Path whole = followed.whole(file);
        return Files.exists(whole) && Files.size(whole) == file.size();
    }

    private void requireRoom(long bytes) throws IOException {
        long room = Files.getFileStore(store).getUsableSpace();
        if (bytes > room) {
            throw new StoreException(
                    "the next generation needs " + bytes + " bytes more in " + store + " (there are: " + room + ")");
        }
    }

    @Override
    public void close() throws StoreException {
        timer.shutdownNow();
        running.lock();
        try {
            lock.close();
        } finally {
            running.unlock();
        }
    }
}
