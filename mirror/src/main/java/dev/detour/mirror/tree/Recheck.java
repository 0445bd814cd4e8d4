package dev.detour.mirror.tree;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long ago something was compared with the disk, and whether somebody has gone to do it again. A disk that stalls must not
 * take away what is in memory: until whoever went is back, what was true will do. Thread-safe, never waits.
 */
final class Recheck {
    static final long EVERY = Duration.ofSeconds(1).toNanos();
    /** What was checked longer ago than this is not given away before somebody has looked. */
    private static final long LONGEST = Duration.ofSeconds(10).toNanos();

    private static final long GIVEN_UP = Duration.ofMinutes(1).toNanos();
    private static final long NEVER = Long.MIN_VALUE;

    private volatile long checkedAt;
    /** When somebody went. */
    private final AtomicLong askedAt = new AtomicLong(NEVER);

    /** What is to be done with what is in memory. */
    enum State {
        /** It is as the disk was a moment ago, or somebody is looking. */
        USE,
        /** It may be used, and whoever is told so has to have somebody look. */
        USE_AND_LOOK,
        /** Whoever is told so has to look first. */
        LOOK
    }

    /** Checked at {@code now}, in nanoseconds of whatever clock. */
    Recheck(long now) {
        this.checkedAt = now;
    }

    boolean isCurrent(long now) {
        return now - checkedAt < EVERY;
    }

    void checked(long now) {
        checkedAt = now;
        askedAt.set(NEVER);
    }

    State state(long now) {
        if (isCurrent(now)) {
            return State.USE;
        }
        long asked = askedAt.get();
        boolean somebodyLooks = asked != NEVER && now - asked < GIVEN_UP;
        if (somebodyLooks || !askedAt.compareAndSet(asked, now)) {
            return State.USE;
        }
        return now - checkedAt < LONGEST ? State.USE_AND_LOOK : State.LOOK;
    }
}
