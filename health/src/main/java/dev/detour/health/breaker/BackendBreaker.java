package dev.detour.health.breaker;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one backend: decides for each call whether the backend is asked at all.
 *
 * <p><b>Pairing.</b> Every {@link #acquire()} that was not refused is followed by exactly one of {@link
 * #succeeded(Permit, long) succeeded}, {@link #failed(Permit, long, Failure) failed} and {@link #release(Permit)
 * release}. In the half-open state a permit that is never given back is never lent again: after {@code trial-calls} such
 * losses the breaker stays half-open and refuses for ever, because no time limit is set on that state. (A limit would
 * reopen the breaker without any evidence; the caller's own time limits end every attempt.)
 *
 * <p><b>Time.</b> No threads and no timers: an open breaker notices that {@code open-for} has passed when the next call
 * asks, so {@link #state()} says open until then.
 *
 * <p>Thread-safe. {@link #acquire()} and the outcomes allocate nothing while the breaker is closed and calls succeed.
 */
public final class BackendBreaker {
    /** Of the reads, right after the breaker has closed. */
    private static final double FIRST_SHARE = 0.1;

    private final String backend;
    private final BackendConfig.Breaker config;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final BreakerListener listener;
    private final CircuitBreaker breaker;
    /** One for all calls: Resilience4j wants a throwable, and making one for each failure costs more than the failure. */
    private final Throwable reported = new ReportedFailure();

    private volatile Standing standing;
    private volatile @Nullable Failure lastFailure;

    /**
     * The state as last noticed.
     *
     * @param since for people
     * @param sinceNanos the same, for everything that is waited for: nobody sets that clock
     * @param permit what calls granted in this state get
     * @param ramping whether traffic is still coming back
     */
    private record Standing(BreakerState state, Instant since, long sinceNanos, Permit permit, boolean ramping) {}

    /**
     * A closed breaker.
     *
     * @param backend the name given to {@code listener}
     * @param clock wall time, for people: {@link #since()} and {@link #nextTrial()}
     * @param nanoTime monotonic time, for everything that is waited for
     * @throws IllegalArgumentException if a value of {@code config} is out of its range
     */
    public BackendBreaker(
            String backend,
            BackendConfig.Breaker config,
            Clock clock,
            LongSupplier nanoTime,
            BreakerListener listener) {
        this.backend = backend;
        this.config = config;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.breaker = CircuitBreaker.of(backend, resilience(config, nanoTime));
        this.standing =
                new Standing(BreakerState.CLOSED, clock.instant(), nanoTime.getAsLong(), Permit.ORDINARY, false);
    }

    private static CircuitBreakerConfig resilience(BackendConfig.Breaker config, LongSupplier nanoTime) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(config.window())
                .minimumNumberOfCalls(config.minimumCalls())
                .failureRateThreshold(percent(config.failureRate()))
                .slowCallDurationThreshold(config.slowCall())
                .slowCallRateThreshold(percent(config.slowRate()))
                .waitDurationInOpenState(config.openFor())
                .permittedNumberOfCallsInHalfOpenState(config.trialCalls())
                .maxWaitDurationInHalfOpenState(Duration.ZERO)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .clock(new Monotonic(nanoTime))
                .currentTimestampFunction(ignored -> nanoTime.getAsLong(), TimeUnit.NANOSECONDS)
                .writableStackTraceEnabled(false)
                .build();
    }

    private static float percent(double share) {
        return (float) (share * 100);
    }

    /** Asks for one call; anything but {@link Permit#REFUSED} obliges the caller to report one outcome. Never blocks. */
    public Permit acquire() {
        Standing now = standing;
        // Resilience4j makes an event with a zoned date for every refusal, wanted or not
        if (now.state() == BreakerState.OPEN
                && nanoTime.getAsLong() - now.sinceNanos() < config.openFor().toNanos()) {
            return Permit.REFUSED;
        }
        if (!breaker.tryAcquirePermission()) {
            return Permit.REFUSED;
        }
        noticeTransition();
        return standing.permit();
    }

    /**
     * The call was answered; slower than {@code slow-call} counts as slow.
     *
     * @param durationNanos of the call
     */
    public void succeeded(Permit permit, long durationNanos) {
        if (counts(permit)) {
            breaker.onSuccess(durationNanos, TimeUnit.NANOSECONDS);
            noticeTransition();
        }
    }

    /**
     * The call failed, through the backend's fault.
     *
     * @param durationNanos of the call
     */
    public void failed(Permit permit, long durationNanos, Failure failure) {
        lastFailure = failure;
        if (counts(permit)) {
            breaker.onError(durationNanos, TimeUnit.NANOSECONDS, reported);
            noticeTransition();
        }
    }

    /** The call ended without saying anything about the backend, such as when the client went away. */
    public void release(Permit permit) {
        if (counts(permit)) {
            breaker.releasePermission();
        }
    }

    /** A call begun before this half-open phase says nothing about now: it may neither decide a trial nor add one. */
    private boolean counts(Permit permit) {
        return breaker.getState() != CircuitBreaker.State.HALF_OPEN || permit == standing.permit();
    }

    /**
     * What share of the reads should go to the backend, as long as a fallback has answers for the rest: 1, except after trial
     * calls have closed the breaker, when it rises from 0.1 linearly to 1 during {@code ramp}. A permit is needed all the same.
     */
    public double share() {
        Standing now = standing;
        if (!now.ramping()) {
            return 1;
        }
        double elapsed = (double) (nanoTime.getAsLong() - now.sinceNanos())
                / config.ramp().toNanos();
        if (elapsed >= 1) {
            endRamp(now);
            return 1;
        }
        return FIRST_SHARE + (1 - FIRST_SHARE) * Math.max(0, elapsed);
    }

    /** By identity: a standing that only looks the same may belong to a later ramp. */
    @SuppressWarnings("ReferenceEquality")
    private synchronized void endRamp(Standing ended) {
        if (standing == ended) {
            standing = new Standing(ended.state(), ended.since(), ended.sinceNanos(), ended.permit(), false);
        }
    }

    /** The state now. Open stays until a call asks after {@link #nextTrial()}. */
    public BreakerState state() {
        return standing.state();
    }

    /** When the state last changed; the creation if it never did. */
    public Instant since() {
        return standing.since();
    }

    /** From when on an open breaker lets trial calls through, or null if it is not open. */
    public @Nullable Instant nextTrial() {
        Standing now = standing;
        return now.state() == BreakerState.OPEN ? now.since().plus(config.openFor()) : null;
    }

    /** The latest failure reported, or null if there was none. It stays after the backend has recovered. */
    public @Nullable Failure lastFailure() {
        return lastFailure;
    }

    /**
     * Compares states instead of listening: once anyone listens, Resilience4j makes an event for every call. The lock is
     * taken for transitions only, and makes the listener hear of each once and in order.
     */
    private void noticeTransition() {
        if (state(breaker.getState()) == standing.state()) {
            return;
        }
        synchronized (this) {
            BreakerState from = standing.state();
            BreakerState to = state(breaker.getState());
            if (to != from) {
                Permit permit = to == BreakerState.HALF_OPEN ? Permit.trial() : Permit.ORDINARY;
                boolean ramping = to == BreakerState.CLOSED && !config.ramp().isZero();
                standing = new Standing(to, clock.instant(), nanoTime.getAsLong(), permit, ramping);
                listener.onTransition(backend, from, to, lastFailure);
            }
        }
    }

    private static BreakerState state(CircuitBreaker.State state) {
        return switch (state) {
            case OPEN, FORCED_OPEN -> BreakerState.OPEN;
            case HALF_OPEN -> BreakerState.HALF_OPEN;
            case CLOSED, DISABLED, METRICS_ONLY -> BreakerState.CLOSED;
        };
    }

    /** What Resilience4j is told of a failure: it only looks at the type, and the {@link Failure} says the rest. */
    private static final class ReportedFailure extends Exception {
        ReportedFailure() {
            super("reported failure", null, false, false);
        }
    }

    /** Monotonic time in the shape Resilience4j wants: a wall clock set back would keep the breaker open. */
    private static final class Monotonic extends Clock {
        private final LongSupplier nanoTime;
        private final long origin;

        Monotonic(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.origin = nanoTime.getAsLong();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - origin);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
