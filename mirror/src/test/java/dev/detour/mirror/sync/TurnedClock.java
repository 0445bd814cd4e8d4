package dev.detour.mirror.sync;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on when somebody waits, or is told to. */
final class TurnedClock extends Clock {
    private Instant now = Instant.parse("2026-11-01T12:00:00Z");

    synchronized void turn(Duration by) {
        now = now.plus(by);
    }

    synchronized long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }
}
