package dev.detour.mirror.store;

import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;

/** One sealed state of the index. Immutable; open while somebody holds a {@link Lease} of it. */
public final class Generation {
    private final Database database;
    private final Manifest manifest;
    private final Instant confirmedAt;
    /** Holders; at 0 it is closed for good. */
    private final AtomicInteger holders;

    private Generation(Database database, Manifest manifest, Instant confirmedAt, AtomicInteger holders) {
        this.database = database;
        this.manifest = manifest;
        this.confirmedAt = confirmedAt;
        this.holders = holders;
    }

    /**
     * Opens a directory, held once, after its signature and the hash over all of its rows have been checked.
     *
     * @param confirmedAt when the index's list was asked for that it agrees with
     */
    static Generation open(Path directory, PublicKey key, Cache blocks, Instant confirmedAt) throws StoreException {
        Manifest manifest = manifest(directory, key);
        Database database = Database.openReadOnly(directory, blocks);
        try {
            String deviation = manifest.deviationOf(Manifest.of(database, manifest.number(), manifest.sealedAt()));
            if (deviation != null) {
                throw new StoreException("generation " + directory + " is not what was signed: " + deviation);
            }
            return new Generation(database, manifest, confirmedAt, new AtomicInteger(1));
        } catch (StoreException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Opens one that this process has just made. */
    static Generation trusted(Path directory, Manifest manifest, Cache blocks, Instant confirmedAt)
            throws StoreException {
        return new Generation(Database.openReadOnly(directory, blocks), manifest, confirmedAt, new AtomicInteger(1));
    }

    /** The manifest of a directory, if it is signed by the key. */
    static Manifest manifest(Path directory, PublicKey key) throws StoreException {
        Path file = directory.resolve(Manifest.FILE);
        try {
            byte[] json = Files.readAllBytes(file);
            byte[] signature = Files.readAllBytes(directory.resolve(Manifest.SIGNATURE));
            if (!SigningKey.verifies(key, json, signature)) {
                throw new StoreException(file + " is not signed by the key of this mirror");
            }
            return Manifest.parse(json, file);
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(file + " cannot be read: " + e, e);
        }
    }

    /** The same state, confirmed later. Takes over the hold. */
    Generation confirmed(Instant at) {
        return new Generation(database, manifest, at, holders);
    }

    /** Counts from 1. */
    public long number() {
        return manifest.number();
    }

    /** Where its files are. */
    public Path directory() {
        return database.directory();
    }

    /** What was signed. */
    public Manifest manifest() {
        return manifest;
    }

    /** When the index's list was asked for that this state agrees with. */
    public Instant confirmedAt() {
        return confirmedAt;
    }

    /** Its pages. */
    public StoreView view() {
        return database;
    }

    /** The file that holds the project list in this form. */
    public Path index(SimpleFormat format) {
        return RootPages.file(directory(), format);
    }

    /** The file that holds it without projects that must not be served; made if it is not there yet. */
    public Path index(SimpleFormat format, Withdrawn withdrawn) throws StoreException {
        return withdrawn.withholdsProjects() ? RootPages.without(withdrawn, database, format) : index(format);
    }

    /** A project's Simple page as it is served, or null if there is none. */
    public @Nullable ProjectPage page(String project, Withdrawn withdrawn, FileVault vault) throws StoreException {
        return StorePages.page(database, project, withdrawn, file -> vault.path(file.sha256()) != null);
    }

    /** Everything that makes it: database, manifest and signature, not what can be made of them again. */
    public List<Path> files() throws StoreException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> isPart(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StoreException(directory() + " cannot be read: " + e, e);
        }
    }

    private static boolean isPart(String name) {
        return name.endsWith(".sst")
                || name.startsWith("MANIFEST-")
                || name.startsWith("OPTIONS-")
                || name.equals("CURRENT")
                || name.endsWith(".log")
                || name.equals(Manifest.FILE)
                || name.equals(Manifest.SIGNATURE);
    }

    void render() throws StoreException {
        if (!RootPages.exist(directory())) {
            RootPages.write(database, directory());
        }
    }

    /** Holds it once more; false if it has been closed. */
    boolean hold() {
        for (int held = holders.get(); held > 0; held = holders.get()) {
            if (holders.compareAndSet(held, held + 1)) {
                return true;
            }
        }
        return false;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            database.close();
        }
    }

    /** Keeps a generation open. Closed once, by whoever asked for it. */
    public static final class Lease implements AutoCloseable {
        private final Generation generation;

        Lease(Generation generation) {
            this.generation = generation;
        }

        public Generation generation() {
            return generation;
        }

        @Override
        public void close() {
            generation.release();
        }
    }
}
