package dev.detour.mirror.store;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
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
    private static final int LARGE_BLOCK = 32 << 10;
    private static final int SMALL_BLOCK = 8 << 10;
    private static final int BLOOM_BITS = 10;

    /**
     * Half of a page is hexadecimal digits of hashes: the lowest level, which looks for no short matches among them, makes less
     * of it than any other, and a small dictionary knows the words between them (707 MB of pages: 164 MB at level 3, 157 at 1,
     * 152 with a dictionary of any size from 16 to 64 KiB).
     */
    private static final int PAGE_LEVEL = 1;

    private static final int DICTIONARY = 16 << 10;
    private static final int DICTIONARY_SAMPLES = 100 * DICTIONARY;
    /** What is in memory of a file until its dictionary is made; without a limit it is the whole file, in every compaction. */
    private static final int DICTIONARY_BUFFER = 4 << 20;

    private static final long WRITE_BUFFER = 64L << 20;
    private static final long SMALL_WRITE_BUFFER = 16L << 20;
    private static final int BACKGROUND_JOBS = 2;

    private final Path directory;
    private final List<AutoCloseable> natives = new ArrayList<>();
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
        DBOptions options = own(new DBOptions()
                .setCreateIfMissing(!readOnly)
                .setCreateMissingColumnFamilies(!readOnly)
                // readers keep every file open: files of generations that are dropped stay readable
                .setMaxOpenFiles(-1)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxTotalWalSize(WRITE_BUFFER)
                .setKeepLogFileNum(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small(blocks)));
        for (Family family : Family.values()) {
            descriptors.add(
                    new ColumnFamilyDescriptor(family.bytes(), family.isLarge() ? large(blocks) : small(blocks)));
        }
        try {
            db = readOnly
                    ? RocksDB.openReadOnly(options, directory.toString(), descriptors, handles)
                    : RocksDB.open(options, directory.toString(), descriptors, handles);
        } catch (RocksDBException e) {
            natives.forEach(Database::closeQuietly);
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

    private ColumnFamilyOptions large(Cache blocks) {
        // the limit of the buffer has no setter in Java
        Properties compression = new Properties();
        compression.setProperty(
                "compression_opts",
                "{level=" + PAGE_LEVEL + ";max_dict_bytes=" + DICTIONARY + ";zstd_max_train_bytes=" + DICTIONARY_SAMPLES
                        + ";max_dict_buffer_bytes=" + DICTIONARY_BUFFER + ";enabled=true}");
        return own(Objects.requireNonNull(ColumnFamilyOptions.getColumnFamilyOptionsFromProps(compression))
                .setTableFormatConfig(table(blocks, LARGE_BLOCK))
                .setCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setWriteBufferSize(WRITE_BUFFER));
    }

    private ColumnFamilyOptions small(Cache blocks) {
        return own(new ColumnFamilyOptions()
                .setTableFormatConfig(table(blocks, SMALL_BLOCK))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setWriteBufferSize(SMALL_WRITE_BUFFER));
    }

    private BlockBasedTableConfig table(Cache blocks, int size) {
        return new BlockBasedTableConfig()
                .setBlockCache(blocks)
                .setBlockSize(size)
                .setFormatVersion(6)
                .setFilterPolicy(own(new BloomFilter(BLOOM_BITS)));
    }

    private <T extends AutoCloseable> T own(T resource) {
        natives.add(resource);
        return resource;
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("native resources close without exceptions", e);
        }
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
            natives.forEach(Database::closeQuietly);
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
