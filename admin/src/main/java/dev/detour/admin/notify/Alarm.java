package dev.detour.admin.notify;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One finding over time.
 *
 * @param gone since when it is not found any more; null while it is found
 */
record Alarm(
        String key,
        String rule,
        Severity severity,
        String source,
        String place,
        String text,
        Instant since,
        @Nullable Instant gone) {
    private static final int LONGEST = 1_000;

    static Alarm of(Finding finding, Instant since) {
        return new Alarm(
                finding.key(),
                finding.rule().label(),
                finding.severity(),
                clean(finding.source()),
                clean(finding.place()),
                clean(finding.text()),
                since,
                null);
    }

    Alarm with(Severity other) {
        return new Alarm(key, rule, other, source, place, text, since, gone);
    }

    Alarm gone(Instant at) {
        return new Alarm(key, rule, severity, source, place, text, since, at);
    }

    /** On one line and of bounded length: parts of it come from certificates and servers. */
    static String clean(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
