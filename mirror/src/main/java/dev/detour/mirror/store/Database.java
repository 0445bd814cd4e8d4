package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import tools.jackson.databind.node.ObjectNode;

/**
 * One RocksDB directory: the one that is written, or a sealed one that is only read. Thread-safe. Closing waits for reads in
 * progress, since the native library does not survive a read of what is closed.
 */
final class Database implements StoreView, AutoCloseable {
    static final byte[] LIST_HEAD = Rows.key("list-head");
    static final String NOTE = "note";
    static final byte[] CONTENT = Rows.key("content");

    private static final int PAGE_TRIES = 3;
    private final Path directory;
    private final DatabaseOptions options;
    private final List<ColumnFamilyHandle> handles = new ArrayList<>();
    private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    private final RocksDB db;
    private boolean closed;

    /** Makes the native library known; before anything else of it is used. */
    static void load() {
        RocksDB.loadLibrary();
    }

    private Database(Path directory, Cache blocks, boolean readOnly) throws StoreException {
        this.directory = directory;
        this.options = new DatabaseOptions(blocks, readOnly);
        try {
            db = readOnly
                    ? RocksDB.openReadOnly(options.database(), directory.toString(), options.families(), handles)
                    : RocksDB.open(options.database(), directory.toString(), options.families(), handles);
        } catch (RocksDBException e) {
            options.close();
            throw failed("cannot be opened", e);
        }
        // the first is RocksDB's own
        int next = 1;
        for (Family family : Family.values()) {
            families.put(family, handles.get(next++));
        }
    }

    /** The one that is written; made if there is none. */
    static Database open(Path directory, Cache blocks) throws StoreException {
        return new Database(directory, blocks, false);
    }

    static Database openReadOnly(Path directory, Cache blocks) throws StoreException {
        return new Database(directory, blocks, true);
    }

    Path directory() {
        return directory;
    }

    ColumnFamilyHandle handle(Family family) {
        return Objects.requireNonNull(families.get(family));
    }

    private interface Read<T> {
        T from(RocksDB db) throws RocksDBException, StoreException;
    }

    private <T extends @Nullable Object> T read(Read<T> read) throws StoreException {
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new StoreException("the store " + directory + " is closed");
            }
            return read.from(db);
        } catch (RocksDBException e) {
            throw failed("cannot be used", e);
        } finally {
            inUse.readLock().unlock();
        }
    }

    private StoreException failed(String how, RocksDBException e) {
        return new StoreException("the store " + directory + " " + how + ": " + e.getMessage(), e);
    }

    byte @Nullable [] get(Family family, byte[] key) throws StoreException {
        return this.<byte @Nullable []>read(open -> open.get(handle(family), key));
    }

    void write(WriteBatch batch) throws StoreException {
        read(open -> {
            try (WriteOptions options = new WriteOptions()) {
                open.write(options, batch);
            }
            return true;
        });
    }

    /** Makes what was written so far durable and hard-links it into a new directory. */
    void checkpoint(Path into) throws StoreException {
        read(open -> {
            try (Checkpoint checkpoint = Checkpoint.create(open)) {
                checkpoint.createCheckpoint(into.toString());
            }
            return true;
        });
    }

    /** Merges the files of all families: after an import, once, so that readers do not look into many. */
    void compact() throws StoreException {
        read(open -> {
            for (ColumnFamilyHandle family : families.values()) {
                open.compactRange(family);
            }
            return true;
        });
    }

    /** Takes a row of a scan; false ends it. */
    interface Row {
        boolean accept(byte[] key, byte[] value) throws StoreException;
    }

    void scan(Family family, byte[] from, Row row) throws StoreException {
        read(open -> {
            try (RocksIterator rows = open.newIterator(handle(family))) {
                rows.seek(from);
                while (rows.isValid() && row.accept(rows.key(), rows.value())) {
                    rows.next();
                }
                rows.status();
            }
            return true;
        });
    }

    private void scan(Family family, Row row) throws StoreException {
        scan(family, new byte[0], row);
    }

    @Override
    public @Nullable ProjectState state(String project) throws StoreException {
        byte[] row = get(Family.STATE, Rows.key(project));
        return row == null ? null : Rows.state(row);
    }

    @Override
    public byte @Nullable [] page(String project) throws StoreException {
        for (int tries = 1; ; tries++) {
            byte[] page = get(Family.PAGE, Rows.key(project));
            if (page == null) {
                return null;
            }
            ProjectState state = state(project);
            String found = Sha256.hex(page);
            if (state != null && state.sha256().equals(found)) {
                return page;
            }
            if (tries == PAGE_TRIES) {
                throw new StoreException("the page of " + project + " in " + directory + " has SHA-256 " + found
                        + " (expected: " + (state == null ? "a state of it" : state.sha256()) + ")");
            }
            // somebody has written between the two reads, or it is damaged
        }
    }

    @Override
    public byte @Nullable [] document(String project) throws StoreException {
        return get(Family.DOCUMENT, Rows.key(project));
    }

    @Override
    public byte @Nullable [] release(String project, String version) throws StoreException {
        return get(Family.RELEASE, Rows.key(project, version));
    }

    @Override
    public byte @Nullable [] provenance(String project, String version, String filename) throws StoreException {
        return get(Family.PROVENANCE, Rows.key(project, version, filename));
    }

    @Override
    public @Nullable StoredFile file(String path) throws StoreException {
        byte[] row = get(Family.FILE, Rows.key(path));
        return row == null ? null : Rows.file(row);
    }

    @Override
    public @Nullable ListEntry listed(String project) throws StoreException {
        byte[] row = get(Family.LIST, Rows.key(project));
        return row == null ? null : Rows.entry(project, row);
    }

    @Override
    public @Nullable Task task(String project) throws StoreException {
        byte[] row = get(Family.TASK, Rows.key(project));
        return row == null ? null : Rows.task(project, row);
    }

    @Override
    public @Nullable ObjectNode listHead() throws StoreException {
        byte[] row = get(Family.META, LIST_HEAD);
        try {
            return row == null ? null : CanonicalJson.readObject(row);
        } catch (PageFormatException e) {
            throw new StoreException("the head of the project list in " + directory + " is damaged: " + e, e);
        }
    }

    @Override
    public @Nullable String note(String name) throws StoreException {
        byte[] row = get(Family.META, Rows.key(NOTE, name));
        return row == null ? null : Rows.text(row);
    }

    @Override
    public SortedMap<String, ProjectState> statesAfter(String project, int count) throws StoreException {
        SortedMap<String, ProjectState> states = new TreeMap<>();
        scan(Family.STATE, Rows.key(project), (key, value) -> {
            String name = Rows.text(key);
            if (!name.equals(project)) {
                states.put(name, Rows.state(value));
            }
            return states.size() < count;
        });
        return states;
    }

    @Override
    public List<Task> tasksAfter(String project, int count) throws StoreException {
        List<Task> tasks = new ArrayList<>();
        scan(Family.TASK, Rows.key(project), (key, value) -> {
            String name = Rows.text(key);
            if (!name.equals(project)) {
                tasks.add(Rows.task(name, value));
            }
            return tasks.size() < count;
        });
        return tasks;
    }

    /** Counts the changes of what is served. */
    long content() throws StoreException {
        byte[] row = get(Family.META, CONTENT);
        return row == null ? 0 : Long.parseLong(Rows.text(row));
    }

    @Override
    public void forEachListed(Consumer<ListEntry> entry) throws StoreException {
        scan(Family.LIST, (key, value) -> {
            entry.accept(Rows.entry(Rows.text(key), value));
            return true;
        });
    }

    @Override
    public void forEachState(BiConsumer<String, ProjectState> state) throws StoreException {
        scan(Family.STATE, (key, value) -> {
            state.accept(Rows.text(key), Rows.state(value));
            return true;
        });
    }

    @Override
    public void forEachFile(BiConsumer<String, StoredFile> file) throws StoreException {
        scan(Family.FILE, (key, value) -> {
            file.accept(Rows.text(key), Rows.file(value));
            return true;
        });
    }

    @Override
    public void forEachTask(Consumer<Task> task) throws StoreException {
        scan(Family.TASK, (key, value) -> {
            task.accept(Rows.task(Rows.text(key), value));
            return true;
        });
    }

    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            handles.forEach(ColumnFamilyHandle::close);
            db.close();
            options.close();
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
