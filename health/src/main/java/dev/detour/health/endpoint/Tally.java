package dev.detour.health.endpoint;

import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The outcomes of one endpoint's live traffic since the last comparison. Counting takes no lock and allocates nothing. */
final class Tally {
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    /** Failures that were waited for: they say how slow the endpoint is, which a refused connection does not. */
    private final LongAdder awaited = new LongAdder();

    private final LongAdder nanos = new LongAdder();
    private volatile @Nullable Failure latest;

    void answered(long took) {
        answered.increment();
        nanos.add(took);
    }

    void failed(Failure failure, long took) {
        latest = failure;
        failed.increment();
        if (waitedFor(failure.kind())) {
            awaited.increment();
            nanos.add(took);
        }
    }

    private static boolean waitedFor(FailureKind kind) {
        return switch (kind) {
            case FIRST_BYTE_TIMEOUT, SLOW, DEADLINE -> true;
            default -> false;
        };
    }

    /** What was counted since the last call of this method; to be called by one thread at a time. */
    Sample drain(EndpointHealth health) {
        long good = answered.sumThenReset();
        long bad = failed.sumThenReset();
        return new Sample(health, good + bad, bad, good + awaited.sumThenReset(), nanos.sumThenReset(), latest);
    }

    /**
     * One endpoint's traffic in one interval.
     *
     * @param calls outcomes
     * @param failed those that were failures
     * @param timed calls that {@code nanos} tells of
     * @param nanos time to the head of the answer, or to the end of the patience with it, all together
     * @param latest the latest failure of live traffic, of this interval if {@code failed} is not 0
     */
    record Sample(
            EndpointHealth health,
            long calls,
            long failed,
            long timed,
            long nanos,
            @Nullable Failure latest) {
        double share() {
            return (double) failed / calls;
        }

        double meanNanos() {
            return (double) nanos / timed;
        }
    }
}
