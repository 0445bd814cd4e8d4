package dev.detour.mirror.publish;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How following goes.
 *
 * @param lastRun when the publication was last looked at, or null
 * @param lastSuccess when that last went well, or null
 * @param generation the newest one that is here; 0 for none
 * @param confirmedAt when that one was last confirmed, or null
 * @param expired whether the pointer is older than its publisher promised: nothing is published any more
 * @param problem why the last run failed, or null
 */
public record FollowStatus(
        @Nullable Instant lastRun,
        @Nullable Instant lastSuccess,
        long generation,
        @Nullable Instant confirmedAt,
        boolean expired,
        @Nullable String problem) {}
