package dev.detour.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The notations of durations, sizes and shares, in the configuration file and on the command line. */
public final class Units {
    /** What a duration looks like, for messages. */
    public static final String DURATION = "a duration such as 500ms, 2s, 5m, 24h";

    static final String SIZE = "a size such as 512, 64KiB, 256MiB, 1GiB";
    static final String SHARE = "a share above 0% and up to 100%, such as 50%";
    static final String PART = "a share from 0% to 100%, such as 5%";

    static final String SPAN = "a duration such as 500ms, 2s, 5m, or 0s for none";

    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,18})([A-Za-z]*)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,15})?)%");

    private Units() {}

    /**
     * The duration written as {@code 500ms}, {@code 2s}, {@code 5m}, {@code 24h} or {@code 7d}.
     *
     * @throws IllegalArgumentException if it is anything else, not positive, or longer than 36500 days
     */
    public static Duration duration(String text) {
        Duration parsed = findDuration(text);
        if (parsed == null) {
            throw new IllegalArgumentException(Problems.quoted(text) + " (expected: " + DURATION + ")");
        }
        return parsed;
    }

    /**
     * The shortest notation that {@link #duration} reads back.
     *
     * @throws IllegalArgumentException if the duration is not a positive number of whole milliseconds
     */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis <= 0 || !duration.equals(Duration.ofMillis(millis))) {
            throw new IllegalArgumentException(duration + " (expected: a positive number of whole milliseconds)");
        }
        if (millis % 86_400_000 == 0 && millis > 86_400_000) {
            return millis / 86_400_000 + "d";
        }
        if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    static @Nullable Duration findDuration(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return null;
        }
        long unit = switch (quantity.group(2)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            case "d" -> 86_400_000;
            default -> 0;
        };
        long count = Long.parseLong(quantity.group(1));
        if (unit == 0 || count == 0 || count > LONGEST.toMillis() / unit) {
            return null;
        }
        return Duration.ofMillis(count * unit);
    }

    /** A duration, or zero where that means something. */
    static @Nullable Duration findSpan(String text) {
        return text.matches("0(ms|s|m|h|d)") ? Duration.ZERO : findDuration(text);
    }

    static String formatSpan(Duration span) {
        return span.isZero() ? "0s" : format(span);
    }

    static @Nullable Long findSize(String text) {
        Matcher quantity = QUANTITY.matcher(text);
        if (!quantity.matches()) {
            return null;
        }
        int shift = switch (quantity.group(2)) {
            case "", "B" -> 0;
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> -1;
        };
        long count = Long.parseLong(quantity.group(1));
        return shift < 0 || count > Long.MAX_VALUE >> shift ? null : Long.valueOf(count << shift);
    }

    static String formatSize(long bytes) {
        if (bytes > 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes > 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }

    static @Nullable Double findShare(String text) {
        Double share = findPart(text);
        return share == null || share == 0 ? null : share;
    }

    /** A share, or zero where that means something. */
    static @Nullable Double findPart(String text) {
        Matcher percent = PERCENT.matcher(text);
        if (!percent.matches()) {
            return null;
        }
        double share = new BigDecimal(percent.group(1)).movePointLeft(2).doubleValue();
        return share <= 1 ? share : null;
    }

    static String formatShare(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
