package dev.detour.proxy;

import dev.detour.config.CacheConfig;
import java.time.Duration;

/** Configurations of the cache for tests. */
public final class Caches {
    private static final int REFILL = 1_000;

    private Caches() {}

    /** No cache at all. */
    public static CacheConfig none() {
        return inMemory(0, 0, Duration.ZERO, false);
    }

    /** One that forgets everything when it is closed. */
    public static CacheConfig inMemory(long memory, long maxEntry, Duration absence, boolean obeyClients) {
        return new CacheConfig(memory, maxEntry, absence, obeyClients, true, REFILL, null);
    }

    /** The same with copies on a disk. */
    public static CacheConfig onDisk(CacheConfig memory, CacheConfig.Disk disk) {
        return new CacheConfig(
                memory.memory(),
                memory.maxEntry(),
                memory.absence(),
                memory.obeyClients(),
                memory.compress(),
                memory.refill(),
                disk);
    }
}
