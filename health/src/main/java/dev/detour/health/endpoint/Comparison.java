package dev.detour.health.endpoint;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which of a backend's endpoints did worse than the others in one interval.
 *
 * <p>An endpoint is judged beside its siblings only: what they all do is the backend's fault, and for the breaker to decide.
 */
final class Comparison {
    /** A share of failures must be this many times the siblings'. */
    private static final double WORSE = 2;

    /** Among answers within milliseconds a multiple means nothing to a client: a slow endpoint is slower by this at least. */
    private static final double NOTICEABLE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final BackendConfig.Outlier outlier;
    private final List<Tally.Sample> samples;

    /**
     * An endpoint that stands out.
     *
     * @param failing true if it fails, false if it is slow
     * @param degree the more, the worse
     */
    record Outlying(EndpointHealth health, Failure because, boolean failing, double degree) {
        /** The worst first: not all may be taken out. */
        static final Comparator<Outlying> WORST_FIRST = Comparator.comparing(Outlying::failing)
                .thenComparingDouble(Outlying::degree)
                .reversed();
    }

    Comparison(BackendConfig.Outlier outlier, List<Tally.Sample> samples) {
        this.outlier = outlier;
        this.samples = samples;
    }

    /** Those that stand out, the worst first. */
    List<Outlying> outlying() {
        List<Outlying> found = new ArrayList<>();
        for (Tally.Sample sample : samples) {
            Outlying failing = failing(sample);
            Outlying outlying = failing != null ? failing : slow(sample);
            if (outlying != null) {
                found.add(outlying);
            }
        }
        found.sort(Outlying.WORST_FIRST);
        return found;
    }

    private @Nullable Outlying failing(Tally.Sample sample) {
        Failure latest = sample.latest();
        if (latest == null || sample.calls() < outlier.minimumCalls() || sample.share() < outlier.failureRate()) {
            return null;
        }
        double sum = 0;
        int siblings = 0;
        for (Tally.Sample other : samples) {
            if (!other.equals(sample) && other.calls() >= outlier.minimumCalls()) {
                sum += other.share();
                siblings++;
            }
        }
        if (siblings == 0 || sample.share() < WORSE * sum / siblings) {
            return null;
        }
        String detail = "%d of %d calls failed, of its siblings' %d%%; the latest: %s"
                .formatted(sample.failed(), sample.calls(), Math.round(100 * sum / siblings), latest.detail());
        Failure because = new Failure(latest.kind(), latest.tls(), latest.status(), detail);
        return new Outlying(sample.health(), because, true, sample.share());
    }

    private @Nullable Outlying slow(Tally.Sample sample) {
        if (sample.timed() < outlier.minimumCalls()) {
            return null;
        }
        double[] others = samples.stream()
                .filter(other -> !other.equals(sample) && other.timed() >= outlier.minimumCalls())
                .mapToDouble(Tally.Sample::meanNanos)
                .sorted()
                .toArray();
        if (others.length == 0) {
            return null;
        }
        double median = (others[(others.length - 1) / 2] + others[others.length / 2]) / 2;
        double mean = sample.meanNanos();
        if (mean < outlier.slowFactor() * median || mean - median < NOTICEABLE_NANOS) {
            return null;
        }
        String detail = "takes %d ms to answer on average, its siblings %d ms".formatted(millis(mean), millis(median));
        return new Outlying(sample.health(), Failure.of(FailureKind.SLOW, detail), false, mean);
    }

    private static long millis(double nanos) {
        return Math.round(nanos / TimeUnit.MILLISECONDS.toNanos(1));
    }
}
