package dev.detour.health.endpoint;

import dev.detour.health.failure.Failure;
import dev.detour.health.tls.PeerValidity;
import dev.detour.health.tls.TlsReason;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The measured health of one endpoint: what it did for live traffic and for probes, and what that makes of it.
 *
 * <pre>
 *          consecutive failures, outlier among its siblings
 *     UP ───────────────────────────────────────────────────▶ EJECTED ──┐
 *     ▲ │  deterministic TLS failure                             │      │ probes: down
 *     │ └──────────────────────────────────────▶ REJECTED ◀──────┘      ▼
 *     │                                              └───────────────▶ DOWN ◀── (from UP as well)
 *     └──────── its time is over, a good probe disproves the cause, room is needed; from DOWN: probes say up
 * </pre>
 *
 * <p>Beside this, an endpoint that is up is EXPIRING while its certificate ends soon and a sibling's does not: that is a date, and
 * no measurement.
 *
 * <p><b>Return.</b> An endpoint that comes back gets its share of the traffic little by little ({@link #warmth(long)}); one
 * that had been ejected or rejected is on probation as well: until it has had {@code consecutive} good answers in a row, one
 * failure takes it out again.
 *
 * <p>Thread-safe. {@link #succeeded(long)} takes no lock and allocates nothing; {@link #failed(Failure, long)} takes the lock
 * of its {@link Siblings} only if it may change the standing.
 */
public final class EndpointHealth {
    private static final long NEVER = Long.MIN_VALUE;

    /** Share of its traffic that a cold endpoint gets at first: with none it would never warm up. */
    private static final double COLD = 0.1;

    private final Siblings siblings;
    private final String endpoint;
    private final int consecutive;
    private final long slowStartNanos;
    private final Clock clock;
    private final Tally tally = new Tally();
    private final AtomicInteger failuresInRow = new AtomicInteger();
    /** Good answers it still owes before it is trusted like any other. */
    private final AtomicInteger probation = new AtomicInteger();

    private final AtomicLong lastGoodMillis = new AtomicLong(NEVER);
    private volatile State state;
    private volatile @Nullable Failure latest;
    private volatile boolean left;
    private volatile @Nullable PeerValidity peer;

    // guarded by the lock of siblings
    private int ejections;
    private boolean steady;

    /**
     * What is known of it at one moment.
     *
     * @param because why it is not up, or null
     * @param until when an ejection ends, for people, or null if it is not ejected
     * @param untilNanos the same, for the timer
     * @param warming whether it gets its traffic little by little
     * @param upNanos since when
     */
    private record State(
            Standing standing,
            Instant since,
            @Nullable Failure because,
            @Nullable Instant until,
            long untilNanos,
            boolean warming,
            long upNanos) {
        static State up(Instant since, boolean warming, long upNanos) {
            return new State(Standing.UP, since, null, null, 0, warming, upNanos);
        }
    }

    EndpointHealth(
            Siblings siblings,
            String endpoint,
            int consecutive,
            long slowStartNanos,
            Clock clock,
            long nanoTime,
            boolean warm) {
        this.siblings = siblings;
        this.endpoint = endpoint;
        this.consecutive = consecutive;
        this.slowStartNanos = slowStartNanos;
        this.clock = clock;
        this.state = State.up(clock.instant(), !warm && slowStartNanos > 0, nanoTime);
    }

    /** What measurements say. */
    public Standing standing() {
        return state.standing();
    }

    /**
     * How far it has warmed up since it came back: from 0.1, rising linearly, to 1.
     *
     * @param nowNanos the time, as the clock of its {@link Siblings} tells it
     */
    public double warmth(long nowNanos) {
        State now = state;
        if (!now.warming()) {
            return 1;
        }
        double elapsed = (double) (nowNanos - now.upNanos()) / slowStartNanos;
        return COLD + (1 - COLD) * Math.max(0, Math.min(1, elapsed));
    }

    /**
     * An attempt was answered.
     *
     * @param nanos until the head of the answer
     */
    public void succeeded(long nanos) {
        tally.answered(nanos);
        // reads first: with all loops writing, the cache line would be the costliest part of a good answer
        if (failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
        if (probation.get() != 0 && state.standing() == Standing.UP) {
            probation.updateAndGet(owed -> Math.max(0, owed - 1));
        }
        good();
    }

    /**
     * An attempt failed through the endpoint's fault.
     *
     * @param nanos until it failed
     */
    public void failed(Failure failure, long nanos) {
        latest = failure;
        tally.failed(failure, nanos);
        int row = failuresInRow.incrementAndGet();
        if (deterministic(failure)) {
            reject(failure);
        } else if (state.standing() == Standing.UP) {
            boolean onProbation = probation.get() != 0;
            if (onProbation) {
                probation.set(consecutive);
            }
            if (onProbation || row >= consecutive) {
                siblings.eject(this, failure);
            }
        }
    }

    /**
     * A probe ended that tries all a request needs of the connection, TLS included where the endpoint has it. A failure that no
     * retry can mend rejects the endpoint. Success ends an ejection whose cause it disproves: one made by failures to get a
     * connection. Broken statuses, slowness and broken answers it does not disprove.
     *
     * @param failure null if the probe succeeded
     */
    public void probed(@Nullable Failure failure) {
        if (failure == null) {
            good();
            endEjection(true);
        } else {
            latest = failure;
            if (deterministic(failure)) {
                reject(failure);
            }
        }
    }

    /**
     * A probe succeeded that tried the TCP connection and no more. It ends an ejection made by failures to connect, but not one
     * made by TLS; and it is no sign that anything was answered.
     */
    public void connected() {
        endEjection(false);
    }

    private void endEjection(boolean tlsTried) {
        State now = state;
        if (now.until() != null && now.because() != null && disproved(now.because(), tlsTried)) {
            siblings.endEjection(this, now.because());
        }
    }

    private static boolean disproved(Failure because, boolean tlsTried) {
        return switch (because.kind()) {
            case DNS, REFUSED, UNREACHABLE, CONNECT_TIMEOUT -> true;
            case TLS -> tlsTried;
            default -> false;
        };
    }

    /**
     * The probes' verdict changed.
     *
     * @param failure why, if it is not up
     */
    public void verdict(boolean up, @Nullable Failure failure) {
        siblings.verdict(this, up, failure);
    }

    private void reject(Failure failure) {
        Standing now = state.standing();
        if (now != Standing.REJECTED && now != Standing.DOWN) {
            siblings.reject(this, failure);
        }
    }

    private static boolean deterministic(Failure failure) {
        TlsReason reason = failure.tls();
        return reason != null && reason.deterministic();
    }

    private void good() {
        long now = clock.millis();
        if (lastGoodMillis.getPlain() != now) {
            lastGoodMillis.lazySet(now);
        }
    }

    /** A handshake with it came about, and its certificates say this. */
    public void showed(PeerValidity certificates) {
        peer = certificates;
    }

    /** What its certificates said in the last handshake of a probe; null if there was none. */
    public @Nullable PeerValidity peer() {
        return peer;
    }

    /** When the standing last changed, or when the endpoint joined. */
    public Instant since() {
        return state.since();
    }

    /** Why it is not up, or the latest failure, of traffic or probe, if it is; null if it never failed. */
    public @Nullable Failure failure() {
        State now = state;
        return now.standing() == Standing.UP || now.because() == null ? latest : now.because();
    }

    /** When it last answered traffic or a probe, to the millisecond, or null if it never did. */
    public @Nullable Instant lastGood() {
        long millis = lastGoodMillis.get();
        return millis == NEVER ? null : Instant.ofEpochMilli(millis);
    }

    /** When the ejection or rejection ends, or null if there is none. */
    public @Nullable Instant until() {
        return state.until();
    }

    // What follows is called by siblings only, with its lock held.

    String endpoint() {
        return endpoint;
    }

    boolean hasLeft() {
        return left;
    }

    void leave() {
        left = true;
    }

    /** How many times in a row it was taken out, minus the healthy intervals since. */
    int ejections() {
        return ejections;
    }

    long untilNanos() {
        return state.untilNanos();
    }

    @Nullable Failure because() {
        return state.because();
    }

    void takeOut(Standing standing, Failure because, int times, Instant until, long untilNanos) {
        ejections = times;
        steady = false;
        probation.set(consecutive);
        state = new State(standing, clock.instant(), because, until, untilNanos, false, 0);
    }

    void setAside() {
        steady = false;
        state = new State(Standing.EXPIRING, clock.instant(), null, null, 0, false, 0);
    }

    void bringDown(@Nullable Failure because) {
        steady = false;
        state = new State(Standing.DOWN, clock.instant(), because, null, 0, false, 0);
    }

    void bringUp(long nanoTime) {
        failuresInRow.set(0);
        tally.drain(this);
        state = State.up(clock.instant(), slowStartNanos > 0, nanoTime);
    }

    void warmUp(long nanoTime) {
        State now = state;
        if (now.warming() && nanoTime - now.upNanos() >= slowStartNanos) {
            state = State.up(now.since(), false, now.upNanos());
        }
    }

    Tally.Sample endInterval() {
        return tally.drain(this);
    }

    /** An interval counts as healthy if the endpoint was up all the time. */
    void decayEjections() {
        boolean up = state.standing() == Standing.UP;
        if (up && steady) {
            ejections = Math.max(0, ejections - 1);
        }
        steady = up;
    }
}
