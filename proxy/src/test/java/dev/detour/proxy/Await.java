package dev.detour.proxy;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The one place where tests wait for something to become true. */
public final class Await {
    /** Longer than anything takes on a busy machine: a test that waits this long has failed. */
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    /**
     * Waits until {@code condition} holds.
     *
     * @param found what is the case instead, for the message
     * @throws AssertionError if it does not within {@link #PATIENCE}
     */
    public static void until(BooleanSupplier condition, Supplier<String> found) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("after " + PATIENCE + ": " + found.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Whether {@code condition} holds all the time for {@code period}. */
    public static boolean throughout(Duration period, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < period.toNanos()) {
            if (!condition.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
