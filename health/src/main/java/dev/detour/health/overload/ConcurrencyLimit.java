package dev.detour.health.overload;

import com.netflix.concurrency.limits.limit.Gradient2Limit;
import dev.detour.config.BackendConfig;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of a backend may be in progress, found out from its response times.
 *
 * <p><b>Rule.</b> Response times are averaged over windows of 250 ms and at least ten answers. A window whose answers took more
 * than 1.5 times as long as those of about the last five minutes shrinks the limit, by 10 % at the most; any other lets it grow
 * by a fifth of its square root, provided that at least half of the limit was in use: from idle nothing is learnt. The
 * arithmetic is that of {@link Gradient2Limit} of Netflix's concurrency-limits, of which nothing else is used.
 *
 * <p><b>What it cannot do.</b> A backend that stays overloaded for minutes becomes its own measure, and the limit creeps up
 * again, doubling in a few minutes; {@code maximum} and the breaker's slow-call rate end that. Gradient2 ignores its argument
 * for drops, so a timeout counts as an answer that took this long.
 *
 * <p>Thread-safe. Whoever ends a window takes a lock, four times a second at most; everything else takes none and allocates
 * nothing.
 */
public final class ConcurrencyLimit {
    private static final int START = 100;
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int WINDOW_ANSWERS = 10;
    /** Five minutes of windows. */
    private static final int LONG_WINDOW = 1200;

    private static final double TOLERANCE = 1.5;
    private static final double SMOOTHING = 0.2;
    private static final int LEAST_GROWTH = 4;

    private final LongSupplier nanoClock;
    private final @Nullable Gradient2Limit gradient;
    private volatile int limit;
    private final AtomicInteger inFlight = new AtomicInteger();

    private final LongAdder answers = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder drops = new LongAdder();
    private final LongAccumulator mostInFlight = new LongAccumulator(Math::max, 0);
    private final AtomicLong windowEnd;

    /**
     * Nothing in progress, and a limit of 100, or what is nearest to it within the bounds.
     *
     * @param nanoClock monotonic time, as {@link System#nanoTime()}
     * @throws IllegalArgumentException if the bounds are not 1 &lt;= minimum &lt;= maximum
     */
    public ConcurrencyLimit(BackendConfig.Overload config, LongSupplier nanoClock) {
        if (config.maximum() < 1) {
            throw new IllegalArgumentException("maximum: " + config.maximum() + " (expected: at least 1)");
        }
        if (config.adaptive() && (config.minimum() < 1 || config.minimum() > config.maximum())) {
            throw new IllegalArgumentException(
                    "minimum: " + config.minimum() + " (expected: from 1 to the maximum " + config.maximum() + ")");
        }
        this.nanoClock = nanoClock;
        this.windowEnd = new AtomicLong(nanoClock.getAsLong() + WINDOW_NANOS);
        if (config.adaptive()) {
            limit = Math.min(config.maximum(), Math.max(config.minimum(), START));
            gradient = gradient(config, limit);
        } else {
            limit = config.maximum();
            gradient = null;
        }
    }

    private static Gradient2Limit gradient(BackendConfig.Overload config, int start) {
        return Gradient2Limit.newBuilder()
                .initialLimit(start)
                .minLimit(config.minimum())
                .maxConcurrency(config.maximum())
                .queueSizeFunction(now -> Math.max(LEAST_GROWTH, (int) Math.sqrt(now)))
                .rttTolerance(TOLERANCE)
                .smoothing(SMOOTHING)
                .longWindow(LONG_WINDOW)
                .build();
    }

    /**
     * Asks for one more request to be in progress; true obliges the caller to one {@link #release()}.
     *
     * @param share of the limit that requests of this class may fill, above 0 and at most 1: the less important a class, the
     *     sooner it finds the backend full
     */
    public boolean tryAcquire(double share) {
        double most = share * limit;
        int now = inFlight.get();
        while (now < most) {
            int seen = inFlight.compareAndExchange(now, now + 1);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    /** Whether {@link #tryAcquire(double)} would say yes now. */
    public boolean hasRoom(double share) {
        return inFlight.get() < share * limit;
    }

    /** A request is in progress now, room or not; obliges the caller to one {@link #release()}. */
    public void acquire() {
        inFlight.incrementAndGet();
    }

    /** A request that was let in has ended. */
    public void release() {
        inFlight.decrementAndGet();
    }

    /**
     * A request was answered well.
     *
     * @param startNanos when it was sent, by the clock given
     * @param nanos until the head of the answer
     */
    public void sample(long startNanos, long nanos) {
        if (gradient != null) {
            observe(gradient, startNanos + nanos, nanos);
        }
    }

    /**
     * A request timed out, which may be because too many are in progress.
     *
     * @param startNanos when it was sent, by the clock given
     * @param nanos until the patience ended
     */
    public void dropped(long startNanos, long nanos) {
        if (gradient != null) {
            drops.increment();
            observe(gradient, startNanos + nanos, nanos);
        }
    }

    /** The caller's two numbers tell the time: reading the clock once more would cost as much as all the rest. */
    private void observe(Gradient2Limit gradient, long now, long took) {
        mostInFlight.accumulate(inFlight.get());
        nanos.add(took);
        answers.increment();
        long end = windowEnd.get();
        if (now - end >= 0
                && answers.sum() >= WINDOW_ANSWERS
                && windowEnd.compareAndSet(end, nanoClock.getAsLong() + WINDOW_NANOS)) {
            endWindow(gradient, now);
        }
    }

    private void endWindow(Gradient2Limit gradient, long now) {
        long count = answers.sumThenReset();
        long sum = nanos.sumThenReset();
        int most = (int) mostInFlight.getThenReset();
        boolean dropped = drops.sumThenReset() > 0;
        if (count > 0) {
            // at least 1: Gradient2 divides by it
            long mean = Math.max(1, sum / count);
            gradient.onSample(now - mean, mean, most, dropped);
            limit = gradient.getLimit();
        }
    }

    /** How many requests may be in progress now. */
    public int limit() {
        return limit;
    }

    /** How many requests are in progress now. */
    public int inFlight() {
        return inFlight.get();
    }
}
