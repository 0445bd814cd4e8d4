package dev.detour.mirror.sync;

import dev.detour.mirror.store.Task;
import java.time.Duration;
import java.time.Instant;

/** When a task that came to nothing is tried again: soon a few times, then ever more seldom. */
final class Retry {
    /** A replica that lags catches up within seconds; more tries are for the next runs. */
    private static final int SOON = 3;

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST_SOON = FIRST.multipliedBy(1L << SOON);
    private static final Duration FIRST_PARKED = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final int MOST_DOUBLINGS = 10;

    private Retry() {}

    /** Whether a wait belongs into a run that is going on. */
    static boolean isSoon(Instant now, Instant at) {
        // a moment has passed since the wait was set, so this must lie well below the first wait of one that is parked
        return Duration.between(now, at).compareTo(LONGEST_SOON) <= 0;
    }

    static Task later(Task task, Instant now, String error) {
        int attempts = task.attempts();
        Duration wait = attempts < SOON
                ? FIRST.multipliedBy(1L << attempts)
                : FIRST_PARKED.multipliedBy(1L << Math.min(MOST_DOUBLINGS, attempts - SOON));
        Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
        return new Task(
                task.project(), task.reason(), task.entry(), attempts + 1, now.plus(bounded), task.since(), error);
    }
}
