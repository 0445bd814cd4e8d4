package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a receiver is to be told.
 *
 * @param alarm with the severity it is told with
 * @param until when it ended; null if it lasts
 * @param before the severity it was told with before, if that was another; else null
 */
record Notice(
        Alarm alarm, @Nullable Instant until, @Nullable Severity before) {
    boolean firing() {
        return until == null;
    }
}
