package dev.detour.config;

import java.time.Duration;

/**
 * The response cache.
 *
 * @param memory bytes it may hold; 0 for no cache
 * @param maxEntry the longest body that is kept
 * @param absence how long a 404 or 410 that does not say so itself is fresh
 * @param obeyClients whether clients may ask for something fresher than the backend allows to be served ({@code no-cache},
 *     {@code max-age}, {@code min-fresh})
 */
public record CacheConfig(long memory, long maxEntry, Duration absence, boolean obeyClients) {}
