package dev.detour.testkit.load;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counts events by the tenth of a second in which they happened, for half an hour at most. Thread-safe. */
public final class Pulse {
    private static final long BEAT_NANOS = 100_000_000L;
    private static final int BEATS = 18_000;

    private final AtomicLongArray beats = new AtomicLongArray(BEATS);
    private final long started = System.nanoTime();

    Pulse() {}

    void count() {
        beats.incrementAndGet(beatAt(System.nanoTime()));
    }

    /**
     * Events between two moments, to the tenth of a second.
     *
     * @param fromNanos as {@link System#nanoTime()}; the tenth it lies in counts
     * @param untilNanos the tenth it lies in does not count
     */
    public long between(long fromNanos, long untilNanos) {
        long sum = 0;
        for (int beat = beatAt(fromNanos); beat < beatAt(untilNanos); beat++) {
            sum += beats.get(beat);
        }
        return sum;
    }

    /** All events. */
    public long total() {
        return between(started, started + BEATS * BEAT_NANOS);
    }

    private int beatAt(long nanos) {
        return (int) Math.max(0, Math.min(BEATS - 1, (nanos - started) / BEAT_NANOS));
    }
}
