package dev.detour.testkit.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What clients saw during some time. Filled by one thread, and read by others once that is over. */
public final class LoadReport {
    private static final int KEPT = 10;

    private final Latencies latencies = new Latencies();
    private final Map<String, Long> bySource = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();
    private long answers;
    private long errors;
    private long broken;
    private long late;

    LoadReport() {}

    void answered(String source, long nanos) {
        answers++;
        bySource.merge(source, 1L, Long::sum);
        latencies.record(nanos);
    }

    void failed(String complaint) {
        errors++;
        if (complaints.size() < KEPT) {
            complaints.add(complaint);
        }
    }

    void broke() {
        broken++;
    }

    void sentLate() {
        late++;
    }

    void add(LoadReport other) {
        latencies.add(other.latencies);
        other.bySource.forEach((source, count) -> bySource.merge(source, count, Long::sum));
        other.complaints.stream().limit(KEPT - complaints.size()).forEach(complaints::add);
        answers += other.answers;
        errors += other.errors;
        broken += other.broken;
        late += other.late;
    }

    /** Requests that had a whole answer, right or wrong, or broke off as they may. */
    public long answers() {
        return answers;
    }

    /** Answers with this {@code Detour-Source}. */
    public long answersFrom(String source) {
        return bySource.getOrDefault(source, 0L);
    }

    /** Requests that went wrong in any way a user would see. */
    public long errors() {
        return errors;
    }

    /** What went wrong, of the first few. */
    public List<String> complaints() {
        return complaints;
    }

    /** Answers that broke off where that is allowed; they count as answers too. */
    public long broken() {
        return broken;
    }

    /** Requests sent more than 50 ms after they should have been; they are timed from when they should have been. */
    public long late() {
        return late;
    }

    /** Milliseconds within which this share of the answers was complete. */
    public double millisAt(double share) {
        return latencies.millisAt(share);
    }

    /** Milliseconds that the slowest answer took. */
    public double slowestMillis() {
        return latencies.highestMillis();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d answers %s, %d errors, %d broke off, %d sent late, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, slowest %.1f ms",
                answers,
                bySource,
                errors,
                broken,
                late,
                millisAt(0.5),
                millisAt(0.99),
                millisAt(0.999),
                slowestMillis());
    }
}
