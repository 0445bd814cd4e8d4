package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver believes of an alarm.
 *
 * @param at when it was last told
 * @param gone since when that is not so any more, be it that the alarm ended or that it became less than the receiver wants;
 *     null while it is so
 */
record Told(Severity severity, Instant at, @Nullable Instant gone) {
    Told gone(@Nullable Instant since) {
        return new Told(severity, at, since);
    }
}
