package dev.detour.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands still until a test turns it; wall time and {@link #nanoTime()} move together. Thread-safe. */
public final class ManualClock extends Clock {
    /** As with {@link System#nanoTime()} the origin means nothing; below zero so that "0 = never" shows as a bug. */
    private static final long NANO_ORIGIN = -3_600_000_000_000L;

    private final Instant start;
    private final ZoneId zone;
    private final AtomicLong elapsed;

    private ManualClock(Instant start, ZoneId zone, AtomicLong elapsed) {
        this.start = start;
        this.zone = zone;
        this.elapsed = elapsed;
    }

    /** A clock in UTC that shows {@code start}. */
    public static ManualClock at(Instant start) {
        return new ManualClock(start, ZoneOffset.UTC, new AtomicLong());
    }

    /** A clock that shows 2026-01-01T00:00:00Z. */
    public static ManualClock create() {
        return at(Instant.parse("2026-01-01T00:00:00Z"));
    }

    /**
     * Turns the clock forward.
     *
     * @throws IllegalArgumentException if {@code step} is negative
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("step: " + step + " (expected: not negative)");
        }
        elapsed.addAndGet(step.toNanos());
    }

    /** The monotonic time of this clock in nanoseconds, with an arbitrary origin: stands in for {@code System::nanoTime}. */
    public LongSupplier nanoTime() {
        return () -> NANO_ORIGIN + elapsed.get();
    }

    @Override
    public Instant instant() {
        return start.plusNanos(elapsed.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** The same time in another zone: turning one clock turns both. */
    @Override
    public ManualClock withZone(ZoneId other) {
        return new ManualClock(start, other, elapsed);
    }
}
