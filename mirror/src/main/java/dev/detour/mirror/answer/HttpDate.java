package dev.detour.mirror.answer;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A date in an HTTP header (RFC 9110, 5.6.7): written in one form, read in all three. */
public final class HttpDate {
    private static final DateTimeFormatter FIXED = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final List<DateTimeFormatter> READ = List.of(
            FIXED,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.US),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US));

    private HttpDate() {}

    public static String format(Instant instant) {
        return FIXED.format(instant);
    }

    /** The instant, or null if the text is no date. */
    public static @Nullable Instant parse(String text) {
        for (DateTimeFormatter form : READ) {
            try {
                return LocalDateTime.from(form.parse(text.strip())).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                // the next form
            }
        }
        return null;
    }
}
