package dev.detour.config;

/**
 * The response cache.
 *
 * @param memory bytes it may hold
 */
public record CacheConfig(long memory) {}
