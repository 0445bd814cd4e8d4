package dev.detour.testkit.load;

/** A histogram of times with buckets a sixteenth apart: as large after a day as after a second. For one thread. */
final class Latencies {
    private static final int STEPS = 16;

    private final long[] buckets = new long[64 * STEPS];
    private long count;
    private long highest;

    void record(long nanos) {
        long micros = Math.max(0, nanos / 1_000);
        buckets[bucketOf(micros)]++;
        count++;
        highest = Math.max(highest, micros);
    }

    void add(Latencies other) {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] += other.buckets[i];
        }
        count += other.count;
        highest = Math.max(highest, other.highest);
    }

    /** The time in milliseconds within which this share of the events was over, a sixteenth too high at most. */
    double millisAt(double share) {
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i];
            if (seen >= rank) {
                return Math.min(highest, upperEndOf(i)) / 1000.0;
            }
        }
        return highest / 1000.0;
    }

    /** The longest time, in milliseconds. */
    double highestMillis() {
        return highest / 1000.0;
    }

    /** Below 16 µs each has a bucket of its own; above, each power of two has sixteen. */
    private static int bucketOf(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int shift = 59 - Long.numberOfLeadingZeros(micros);
        return (shift + 1) * STEPS + (int) (micros >>> shift) - STEPS;
    }

    private static long upperEndOf(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((long) (bucket % STEPS + STEPS + 1) << shift) - 1;
    }
}
