package dev.detour.health.crl;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The trend of a CRL's size: a straight line along its highest points.
 *
 * <p>The slope is the median of the slopes between any two observations (Theil and Sen), which a few odd ones do not bend.
 * Pruning makes a sawtooth of the size. Where it has come three times or more, its peaks are what has to fit, and their trend
 * counts. Otherwise, and once a CRL has grown for longer than it ever did without being pruned, or higher, only the growth
 * since counts.
 *
 * @param start a point on the line
 * @param level its bytes at that point
 * @param bytesPerDay what is added a day; may be negative
 */
public record CrlForecast(Instant start, double level, double bytesPerDay) {
    private static final int FEWEST = 3;
    private static final Duration SHORTEST = Duration.ofDays(1);
    /** A date further away says that a trend is small, and nothing of the time it names. */
    private static final Duration HORIZON = Duration.ofDays(3_650);

    private static final double SECONDS_A_DAY = 86_400;
    /** More points are thinned: every pair of them is looked at. */
    private static final int MOST = 400;

    /** The trend of at least three observations over at least a day; null of less. Their order does not matter. */
    public static @Nullable CrlForecast of(List<CrlObservation> observations) {
        List<CrlObservation> sorted = observations.stream()
                .sorted(Comparator.comparing(CrlObservation::time))
                .toList();
        if (!enough(sorted)) {
            return null;
        }
        List<CrlObservation> points = thinned(relevant(sorted));
        Instant start = points.get(0).time();
        double slope = slope(points, start);
        double level = points.stream()
                .mapToDouble(point -> point.bytes() - slope * days(start, point))
                .max()
                .orElse(0);
        return new CrlForecast(start, level, slope);
    }

    /**
     * When the line reaches a size; null if it does not within ten years after {@code now}. A line that is already there
     * gives {@code now}.
     */
    public @Nullable Instant reaches(long bytes, Instant now) {
        double today = level + bytesPerDay * Duration.between(start, now).toSeconds() / SECONDS_A_DAY;
        if (today >= bytes) {
            return now;
        }
        double seconds = bytesPerDay <= 0 ? Double.MAX_VALUE : (bytes - today) / bytesPerDay * SECONDS_A_DAY;
        return seconds > HORIZON.toSeconds() ? null : now.plusSeconds((long) seconds);
    }

    private static boolean enough(List<CrlObservation> sorted) {
        return sorted.size() >= FEWEST && span(sorted, 0, sorted.size() - 1).compareTo(SHORTEST) >= 0;
    }

    /** The peaks of a pattern that holds, otherwise the growth since the last pruning, if that is enough. */
    private static List<CrlObservation> relevant(List<CrlObservation> sorted) {
        List<CrlObservation> peaks = new ArrayList<>();
        Duration longest = Duration.ZERO;
        long highest = 0;
        int start = 0;
        for (int i = 1; i < sorted.size(); i++) {
            CrlObservation before = sorted.get(i - 1);
            if (sorted.get(i).entries() < before.entries()) {
                Duration tooth = span(sorted, start, i - 1);
                longest = tooth.compareTo(longest) > 0 ? tooth : longest;
                highest = Math.max(highest, before.bytes());
                peaks.add(before);
                start = i;
            }
        }
        CrlObservation last = sorted.get(sorted.size() - 1);
        boolean grownOut = span(sorted, start, sorted.size() - 1).compareTo(longest) > 0 || last.bytes() > highest;
        if (enough(peaks) && !grownOut) {
            return peaks;
        }
        List<CrlObservation> latest = sorted.subList(start, sorted.size());
        return enough(latest) ? latest : sorted;
    }

    private static Duration span(List<CrlObservation> sorted, int from, int to) {
        return Duration.between(sorted.get(from).time(), sorted.get(to).time());
    }

    private static List<CrlObservation> thinned(List<CrlObservation> points) {
        int step = (points.size() + MOST - 1) / MOST;
        if (step == 1) {
            return points;
        }
        int last = points.size() - 1;
        return IntStream.range(0, points.size())
                .filter(i -> (last - i) % step == 0)
                .mapToObj(points::get)
                .toList();
    }

    private static double slope(List<CrlObservation> points, Instant start) {
        double[] slopes = new double[points.size() * (points.size() - 1) / 2];
        int count = 0;
        for (int i = 0; i < points.size(); i++) {
            double from = days(start, points.get(i));
            for (int j = i + 1; j < points.size(); j++) {
                double days = days(start, points.get(j)) - from;
                if (days > 0) {
                    slopes[count++] = (points.get(j).bytes() - points.get(i).bytes()) / days;
                }
            }
        }
        Arrays.sort(slopes, 0, count);
        return (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
    }

    private static double days(Instant start, CrlObservation point) {
        return Duration.between(start, point.time()).toMillis() / (1_000 * SECONDS_A_DAY);
    }
}
