package dev.detour.health.crl;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When the entries of a CRL were revoked, counted by day (UTC).
 *
 * <p>Days before 1950 count as the first of 1950, days after 2149 as the last of 2149: the certificates of either tell
 * nothing, and so the counts need little memory whatever the CRL says.
 */
public final class Revocations {
    private static final long SECONDS_A_DAY = 86_400;
    private static final int LONGEST_RATE = 7;

    private final long firstDay;
    private final long[] days;
    private final @Nullable Instant oldest;
    private final @Nullable Instant newest;

    private Revocations(long firstDay, long[] days, @Nullable Instant oldest, @Nullable Instant newest) {
        this.firstDay = firstDay;
        this.days = days;
        this.oldest = oldest;
        this.newest = newest;
    }

    /** The oldest revocation date, or null if nothing is revoked. */
    public @Nullable Instant oldest() {
        return oldest;
    }

    /** The newest revocation date, or null if nothing is revoked. */
    public @Nullable Instant newest() {
        return newest;
    }

    /** How many entries there are. */
    public long count() {
        return sum(0, days.length);
    }

    /** How many entries were revoked on a day that had ended by {@code time}: never more than truly before it. */
    public long endedBefore(Instant time) {
        long day = Math.floorDiv(time.getEpochSecond(), SECONDS_A_DAY);
        return sum(0, index(day));
    }

    /**
     * How many certificates are revoked a day: in the mean of all days, or of the last seven up to {@code until} if that is
     * more. Zero without entries.
     */
    public double perDay(Instant until) {
        if (oldest == null) {
            return 0;
        }
        double span = Duration.between(oldest, until).toSeconds() / (double) SECONDS_A_DAY;
        double all = count() / Math.max(1, span);
        long today = Math.floorDiv(until.getEpochSecond(), SECONDS_A_DAY);
        int from = index(today - LONGEST_RATE);
        double lately = sum(from, index(today)) / (double) LONGEST_RATE;
        return Math.max(all, lately);
    }

    private int index(long day) {
        return (int) Math.max(0, Math.min(days.length, day - firstDay));
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += days[i];
        }
        return sum;
    }

    /** Counts while a CRL is read. */
    static final class Counter {
        private static final int FIRST = -7_305;
        private static final int LAST = 65_743;

        private final long[] days = new long[LAST - FIRST + 1];
        private long count;
        private long oldest = Long.MAX_VALUE;
        private long newest = Long.MIN_VALUE;

        void add(long seconds) {
            oldest = Math.min(oldest, seconds);
            newest = Math.max(newest, seconds);
            days[index(seconds)]++;
            count++;
        }

        Revocations done() {
            if (count == 0) {
                return new Revocations(0, new long[0], null, null);
            }
            int from = index(oldest);
            return new Revocations(
                    from + FIRST,
                    Arrays.copyOfRange(days, from, index(newest) + 1),
                    Instant.ofEpochSecond(oldest),
                    Instant.ofEpochSecond(newest));
        }

        private static int index(long seconds) {
            long day = Math.floorDiv(seconds, SECONDS_A_DAY);
            return (int) (Math.max(FIRST, Math.min(LAST, day)) - FIRST);
        }
    }
}
