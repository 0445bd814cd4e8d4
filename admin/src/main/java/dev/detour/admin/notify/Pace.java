package dev.detour.admin.notify;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** When a receiver that fails is tried again: after 1 s, then twice as long each time, at most 5 minutes. */
final class Pace {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofMinutes(5);
    /** A receiver that wants to be left alone for longer is asked again all the same. */
    private static final Duration LONGEST_WISH = Duration.ofHours(1);

    private static final double JITTER = 0.2;
    private static final int STEPS = 20;

    private final DoubleSupplier random;
    private int failures;
    private Instant notBefore = Instant.MIN;

    /** @param random gives numbers from 0 to 1, so that many instances do not try all at the same moment */
    Pace(DoubleSupplier random) {
        this.random = random;
    }

    boolean allows(Instant now) {
        return !now.isBefore(notBefore);
    }

    void succeeded() {
        failures = 0;
        notBefore = Instant.MIN;
    }

    /** @param wish how long the receiver wants to be left alone, or null */
    void failed(Instant now, @Nullable Duration wish) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures, STEPS));
        failures++;
        Duration delay = doubled.compareTo(SLOW) < 0 ? doubled : SLOW;
        Duration asked = wish == null || wish.compareTo(LONGEST_WISH) < 0 ? wish : LONGEST_WISH;
        wait(now, asked != null && asked.compareTo(delay) > 0 ? asked : delay);
    }

    void refused(Instant now) {
        failures++;
        wait(now, SLOW);
    }

    private void wait(Instant now, Duration delay) {
        notBefore = now.plusMillis((long) (delay.toMillis() * (1 + JITTER * random.getAsDouble())));
    }

    /** The meaning of a {@code Retry-After} header (RFC 9110, 10.2.3); null if it has none. */
    static @Nullable Duration retryAfter(String header, Instant now) {
        if (header.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(header));
        }
        try {
            Instant then = ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return then.isAfter(now) ? Duration.between(now, then) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
