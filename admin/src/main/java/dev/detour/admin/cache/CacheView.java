package dev.detour.admin.cache;

import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.DiskStatistics;
import org.jspecify.annotations.Nullable;

/**
 * The response cache as JSON.
 *
 * @param entries answers kept, each variant counted
 * @param bytes what they take up
 * @param capacity bytes it may hold; 0 if there is none
 * @param evictions answers given up for want of room, since the start
 * @param stored answers taken in, since the start
 * @param collapsed requests that waited for another's fetch, since the start
 * @param revalidated answers of which the backend said that they still hold, since the start
 * @param disk the copies on the disk, or null if there is none
 */
public record CacheView(
        long entries,
        long bytes,
        long capacity,
        long evictions,
        long stored,
        long collapsed,
        long revalidated,
        @Nullable DiskStatistics disk) {
    public static CacheView of(CacheStatistics now) {
        return new CacheView(
                now.entries(),
                now.bytes(),
                now.capacity(),
                now.evictions(),
                now.stored(),
                now.collapsed(),
                now.revalidated(),
                now.disk());
    }
}
