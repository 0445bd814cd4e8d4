package dev.detour.mirror.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.RocksDB;

/** How RocksDB keeps a store. Owns native memory; to be closed after the database. */
final class DatabaseOptions implements AutoCloseable {
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

    private final List<AutoCloseable> natives = new ArrayList<>();
    private final DBOptions database;
    private final List<ColumnFamilyDescriptor> families = new ArrayList<>();

    DatabaseOptions(Cache blocks, boolean readOnly) {
        this.database = own(new DBOptions()
                .setCreateIfMissing(!readOnly)
                .setCreateMissingColumnFamilies(!readOnly)
                // readers keep every file open: files of generations that are dropped stay readable
                .setMaxOpenFiles(-1)
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxTotalWalSize(WRITE_BUFFER)
                .setKeepLogFileNum(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL));
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, small(blocks)));
        for (Family family : Family.values()) {
            families.add(new ColumnFamilyDescriptor(family.bytes(), family.isLarge() ? large(blocks) : small(blocks)));
        }
    }

    DBOptions database() {
        return database;
    }

    /** RocksDB's own first, then those of {@link Family} in its order. */
    List<ColumnFamilyDescriptor> families() {
        return Collections.unmodifiableList(families);
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

    @Override
    public void close() {
        natives.forEach(DatabaseOptions::closeQuietly);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("native resources close without exceptions", e);
        }
    }
}
