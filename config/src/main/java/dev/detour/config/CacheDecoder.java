package dev.detour.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads {@code cache}. */
final class CacheDecoder {
    /** Below it an index of the copies would take up more than the copies. */
    private static final long SMALLEST_DISK = 1 << 20;

    private static final Notation<Integer> PER_SECOND = Notation.number(1, 1_000_000);

    private CacheDecoder() {}

    static CacheConfig decode(Section cache) {
        long memory = cache.get("memory", Notation.SIZE);
        Section disk = cache.child("disk");
        if (disk != null && memory == 0) {
            cache.problem(
                    "disk", "present", "cache.memory above 0, or no disk: what is on the disk is served from memory");
        }
        return new CacheConfig(
                memory,
                cache.get("max-entry", Notation.SIZE),
                cache.get("absence", Notation.DURATION),
                cache.get("obey-clients", Notation.FLAG),
                cache.get("compress", Notation.FLAG),
                cache.get("refill", PER_SECOND),
                disk == null ? null : disk(disk));
    }

    private static CacheConfig.@Nullable Disk disk(Section disk) {
        Path path = FileCheck.directoryToBe(disk, "path", "where cached answers outlive a restart");
        long size = disk.get("size", Notation.SIZE);
        if (size < SMALLEST_DISK) {
            disk.problem("size", Units.formatSize(size), "at least " + Units.formatSize(SMALLEST_DISK));
        }
        return path == null ? null : new CacheConfig.Disk(path, size);
    }
}
