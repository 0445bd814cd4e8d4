package dev.detour.health.probe;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When the next probe begins: a period after the last one began, give or take a tenth, so that the probes of many endpoints
 * and of many instances do not march in step.
 */
final class Pace {
    private static final double JITTER = 0.1;

    private final long everyNanos;
    private final DoubleSupplier jitter;

    /** A pace of {@code every} on average; {@code jitter} gives doubles in [0, 1). */
    Pace(Duration every, DoubleSupplier jitter) {
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every: " + every + " (expected: positive)");
        }
        this.everyNanos = every.toNanos();
        this.jitter = jitter;
    }

    /** Nanoseconds to wait, when the last probe took {@code took}; 0 if it took longer than the period. */
    long pause(long took) {
        double share = 1 - JITTER + 2 * JITTER * jitter.getAsDouble();
        return Math.max(0, (long) (everyNanos * share) - took);
    }
}
