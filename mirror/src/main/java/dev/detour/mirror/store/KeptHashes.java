package dev.detour.mirror.store;

import java.util.Arrays;

/**
 * Hashes by their first 64 bits: there may be millions, and one too many kept does no harm. It never denies one that it was
 * given. Not thread-safe.
 */
public final class KeptHashes {
    private static final int PREFIX_DIGITS = 16;

    private long[] prefixes = new long[1_024];
    private int count;
    private boolean sorted = true;

    /** Takes a hash in, 64 hexadecimal digits. */
    public void add(String sha256) {
        if (count == prefixes.length) {
            prefixes = Arrays.copyOf(prefixes, 2 * count);
        }
        prefixes[count++] = prefix(sha256);
        sorted = false;
    }

    /** Whether it was taken in, or, one in 2⁶⁴ times as many as there are, another like it. */
    public boolean contains(String sha256) {
        if (!sorted) {
            Arrays.sort(prefixes, 0, count);
            sorted = true;
        }
        return Arrays.binarySearch(prefixes, 0, count, prefix(sha256)) >= 0;
    }

    private static long prefix(String sha256) {
        return Long.parseUnsignedLong(sha256, 0, PREFIX_DIGITS, 16);
    }
}
