package dev.detour.health.breaker;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one backend: decides for each call whether the backend is asked at all.
 *
 * <p><b>Pairing.</b> Every {@link #tryAcquire()} that returned true is followed by exactly one of {@link #succeeded},
 * {@link #failed} and {@link #release}. In the half-open state a permission that is never given back is never lent again:
 * after {@code trial-calls} such losses the breaker stays half-open and refuses for ever, because no time limit is set on
 * that state. (A limit would reopen the breaker without any evidence; the caller's own time limits end every attempt.)
 *
 * <p><b>Time.</b> No threads and no timers: an open breaker notices that {@code open-for} has passed when the next call
 * asks, so {@link #state()} says open until then.
 *
 * <p>Thread-safe. {@link #tryAcquire()} and the outcomes allocate nothing while the breaker is closed and calls succeed.
 */
public final class BackendBreaker {
    private final String backend;
    private final BackendConfig.Breaker config;
    private final Clock clock;
    private final BreakerListener listener;
    private final CircuitBreaker breaker;
    /** One for all calls: Resilience4j wants a throwable, and making one for each failure costs more than the failure. */
    private final Throwable reported = new ReportedFailure();

    private volatile @Nullable Failure lastFailure;
    private volatile Instant since;

    /**
     * A closed breaker.
     *
     * @param backend the name given to {@code listener}
     * @param clock wall time, for {@link #since()} and {@link #nextTrial()} and for how long it stays open
     * @param nanoTime monotonic time, for the age of the outcomes
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
        this.listener = listener;
        this.since = clock.instant();
        this.breaker = CircuitBreaker.of(backend, resilience(config, clock, nanoTime));
        breaker.getEventPublisher().onStateTransition(this::transition);
    }

    private static CircuitBreakerConfig resilience(BackendConfig.Breaker config, Clock clock, LongSupplier nanoTime) {
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
                .clock(clock)
                .currentTimestampFunction(ignored -> nanoTime.getAsLong(), TimeUnit.NANOSECONDS)
                .writableStackTraceEnabled(false)
                .build();
    }

    private static float percent(double share) {
        return (float) (share * 100);
    }

    /** Asks for one call; true obliges the caller to report exactly one outcome. Never blocks, never throws. */
    public boolean tryAcquire() {
        return breaker.tryAcquirePermission();
    }

    /**
     * The call was answered; slower than {@code slow-call} counts as slow.
     *
     * @param durationNanos of the call
     */
    public void succeeded(long durationNanos) {
        breaker.onSuccess(durationNanos, TimeUnit.NANOSECONDS);
    }

    /**
     * The call failed, through the backend's fault.
     *
     * @param durationNanos of the call
     */
    public void failed(long durationNanos, Failure failure) {
        lastFailure = failure;
        breaker.onError(durationNanos, TimeUnit.NANOSECONDS, reported);
    }

    /** The call ended without saying anything about the backend, such as when the client went away. */
    public void release() {
        breaker.releasePermission();
    }

    /** The state now. Open stays until a call asks after {@link #nextTrial()}. */
    public BreakerState state() {
        return state(breaker.getState());
    }

    /** When the state last changed; the creation if it never did. */
    public Instant since() {
        return since;
    }

    /** From when on an open breaker lets trial calls through, or null if it is not open. */
    public @Nullable Instant nextTrial() {
        Instant opened = since;
        return state() == BreakerState.OPEN ? opened.plus(config.openFor()) : null;
    }

    /** The latest failure reported, or null if there was none. It stays after the backend has recovered. */
    public @Nullable Failure lastFailure() {
        return lastFailure;
    }

    private void transition(CircuitBreakerOnStateTransitionEvent event) {
        BreakerState from = state(event.getStateTransition().getFromState());
        BreakerState to = state(event.getStateTransition().getToState());
        if (from != to) {
            since = clock.instant();
            listener.onTransition(backend, from, to, lastFailure);
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
}
