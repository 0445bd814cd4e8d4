package dev.detour.app.cli;

import java.time.Duration;

/** Durations for people: the two largest units, because nobody acts on the third. */
final class Durations {
    private Durations() {}

    /** Such as {@code 3d 4h}, {@code 12m 5s}, {@code 0s}; one below zero, which only two clocks can make, counts as zero. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3_600) {
            return pair(seconds, 60, "m", "s", 1);
        }
        return seconds < 86_400 ? pair(seconds, 3_600, "h", "m", 60) : pair(seconds, 86_400, "d", "h", 3_600);
    }

    private static String pair(long seconds, long unit, String name, String smallerName, long smaller) {
        long rest = seconds % unit / smaller;
        return seconds / unit + name + (rest == 0 ? "" : " " + rest + smallerName);
    }
}
