package dev.detour.mirror.store;

/**
 * How a store is kept.
 *
 * @param keep generations that are kept, the current one included; at least 1
 * @param blockCacheBytes memory for blocks of the database, shared by all generations that are open
 * @param filesLimit bytes of release files, never exceeded
 */
public record StoreSettings(int keep, long blockCacheBytes, long filesLimit) {
    private static final long BLOCK_CACHE = 64L << 20;
    private static final long FILES = 50L << 30;

    /** Five generations, 64 MiB of cache, 50 GiB of files. */
    public static StoreSettings defaults() {
        return new StoreSettings(5, BLOCK_CACHE, FILES);
    }

    /** The same with another number of generations. */
    public StoreSettings withKeep(int generations) {
        return new StoreSettings(generations, blockCacheBytes, filesLimit);
    }
}
