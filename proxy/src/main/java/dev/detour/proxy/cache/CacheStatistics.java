package dev.detour.proxy.cache;

import org.jspecify.annotations.Nullable;

/**
 * The cache at one moment.
 *
 * @param entries answers kept, each variant counted
 * @param bytes what they take up
 * @param capacity bytes it may hold
 * @param evictions answers given up for want of room, since the start
 * @param stored answers taken in, since the start
 * @param collapsed requests that waited for another's fetch, since the start
 * @param revalidated answers of which the backend said that they still hold, since the start
 * @param disk the copies on the disk, or null if there is none
 */
public record CacheStatistics(
        long entries,
        long bytes,
        long capacity,
        long evictions,
        long stored,
        long collapsed,
        long revalidated,
        @Nullable DiskStatistics disk) {}
