package dev.detour.proxy.cache;

/** What operators may see of the cache and do to it. Thread-safe. */
public interface CacheControls {
    /**
     * Forgets answers, those that are being fetched included. In memory that is done at once.
     *
     * @throws IllegalArgumentException if one of the addresses is none, in which case nothing is forgotten
     */
    PurgeResult purge(Purge purge);

    /** How it is now. */
    CacheStatistics statistics();
}
