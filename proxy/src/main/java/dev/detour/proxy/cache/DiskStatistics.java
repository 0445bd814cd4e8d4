package dev.detour.proxy.cache;

import org.jspecify.annotations.Nullable;

/**
 * The copies on the disk at one moment; counts are since the start.
 *
 * @param addresses of which it has answers
 * @param bytes what they take up
 * @param capacity bytes they may take up
 * @param recalled answers given from it
 * @param saved answers written to it
 * @param skipped answers not written to it because it was too slow
 * @param damaged answers dropped because they were not what had been written
 * @param failures readings and writings that failed
 * @param problem what failed last if it has not worked since, or null
 */
public record DiskStatistics(
        long addresses,
        long bytes,
        long capacity,
        long recalled,
        long saved,
        long skipped,
        long damaged,
        long failures,
        @Nullable String problem) {}
