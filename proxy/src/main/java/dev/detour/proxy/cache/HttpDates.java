package dev.detour.proxy.cache;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates in HTTP fields in their three forms (RFC 9110 5.6.7), read strictly but for upper and lower case. */
final class HttpDates {
    private static final DateTimeFormatter FIXED = form("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = form("EEE MMM ppd HH:mm:ss yyyy");
    private static final DateTimeFormatter RFC_850 = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.US);
    private static final int FIXED_LENGTH = 29;
    private static final int ASCTIME_LENGTH = 24;
    private static final int LONGEST = 33;

    private HttpDates() {}

    /** The instant, or null if the text is no date. The length tells the form, so that nonsense costs one attempt at most. */
    static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.length() < ASCTIME_LENGTH || text.length() > LONGEST) {
            return null;
        }
        DateTimeFormatter form =
                text.length() == FIXED_LENGTH ? FIXED : text.length() == ASCTIME_LENGTH ? ASCTIME : RFC_850;
        try {
            return LocalDateTime.from(form.parse(text)).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static DateTimeFormatter form(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.US);
    }
}
