package dev.detour.mirror.tombstone;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that must not be served from mirrors.
 *
 * @param reason why, on one line, for other operators
 * @param by who put it, or null if they did not say
 * @param since when
 */
public record Tombstone(
        Target target, String reason, @Nullable String by, Instant since) {
    /** What a refusal says of it in the log. */
    public String detail() {
        return "tombstone on " + target.text() + ": " + reason;
    }
}
