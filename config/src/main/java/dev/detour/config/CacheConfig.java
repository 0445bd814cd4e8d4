package dev.detour.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The response cache.
 *
 * @param memory bytes it may hold; 0 for no cache
 * @param maxEntry the longest body that is kept
 * @param absence how long a 404 or 410 that does not say so itself is fresh
 * @param obeyClients whether clients may ask for something fresher than the backend allows to be served ({@code no-cache},
 *     {@code max-age}, {@code min-fresh})
 * @param compress whether answers kept without a content coding are given with one to clients that accept it
 * @param refill fetches a second at most while the cache is cold (after a start, and after everything was purged), as far as
 *     older copies can be given meanwhile
 * @param disk where copies outlive the process, or null for nowhere
 */
public record CacheConfig(
        long memory,
        long maxEntry,
        Duration absence,
        boolean obeyClients,
        boolean compress,
        int refill,
        @Nullable Disk disk) {
    /**
     * A place for copies.
     *
     * @param path the directory, made if it is not there
     * @param size bytes it may take up
     */
    public record Disk(Path path, long size) {}
}
