package dev.detour.proxy.exchange;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} header of answers of our own, and of those that came without (RFC 9110 6.6.1, IMF-fixdate), formatted at most once a second. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Formatted(long second, String text) {}

    private static volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

    private HttpDate() {}

    static String now() {
        return of(Instant.now());
    }

    static String of(Instant now) {
        Formatted known = last;
        if (known.second() != now.getEpochSecond()) {
            known = new Formatted(now.getEpochSecond(), FORMAT.format(now));
            last = known;
        }
        return known.text();
    }
}
