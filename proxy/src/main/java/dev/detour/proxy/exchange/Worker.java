package dev.detour.proxy.exchange;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.health.breaker.BreakerState;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.balance.Balancer;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Transport;
import dev.detour.proxy.refuse.Situation;
import dev.detour.proxy.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What belongs to one event loop: its connection pools, its timers, its share of every budget. A client's connection and the
 * backend connections that serve it share a worker, so nothing here is locked or volatile.
 */
public final class Worker {
    /** Deadlines of attempts may be late by this much. */
    private static final long ATTEMPT_SWEEP_MILLIS = 20;

    private static final long CLIENT_SWEEP_MILLIS = 500;

    private final EventLoop loop;
    private final LongSupplier nanoClock;
    private final Supplier<Snapshot> snapshots;
    private final ExchangeObserver observer;
    private final RecentAbsences absences;
    private final Fills fills;
    private final FileReaders readers;
    private final BooleanSupplier mirrorsFit;
    private final Clock clock;
    private final Sweep clientSweep;
    private final Sweep attemptSweep;
    private final UpstreamPool[] pools;
    private final Balancer[] balancers;
    private final WaitingRoom[] waitingRooms;
    private final RetryBudget[] budgets;
    private final SplittableRandom random = new SplittableRandom();
    private final CaptureRoom captureRoom = new CaptureRoom();
    private final RequestIds requestIds = new RequestIds(random.nextLong());

    /**
     * The worker of {@code loop}.
     *
     * @param backends all of them, at their index
     * @param snapshots gives the configuration in force
     * @param readers of all loops
     * @param mirrorsFit whether some mirror may answer; cheap
     */
    public Worker(
            EventLoop loop,
            Transport transport,
            List<Backend> backends,
            Supplier<Snapshot> snapshots,
            ExchangeObserver observer,
            RecentAbsences absences,
            Fills fills,
            FileReaders readers,
            BooleanSupplier mirrorsFit,
            Clock clock,
            LongSupplier nanoClock) {
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.snapshots = snapshots;
        this.observer = observer;
        this.absences = absences;
        this.fills = fills;
        this.readers = readers;
        this.mirrorsFit = mirrorsFit;
        this.clock = clock;
        this.clientSweep = new Sweep(loop, CLIENT_SWEEP_MILLIS, nanoClock);
        this.attemptSweep = new Sweep(loop, ATTEMPT_SWEEP_MILLIS, nanoClock);
        this.pools = new UpstreamPool[backends.size()];
        this.budgets = new RetryBudget[backends.size()];
        this.balancers = new Balancer[backends.size()];
        this.waitingRooms = new WaitingRoom[backends.size()];
        for (Backend backend : backends) {
            int index = backend.index();
            pools[index] = new UpstreamPool(loop, transport, backend, attemptSweep, nanoClock);
            balancers[index] = Balancer.of(backend.config().balance(), random);
            waitingRooms[index] = new WaitingRoom(loop, attemptSweep, backend);
            budgets[index] = new RetryBudget(backend.config().retry().budget());
        }
    }

    /** The configuration in force now. */
    public Snapshot snapshot() {
        return snapshots.get();
    }

    /** The coarse sweep, for clients' connections. */
    public Sweep clientSweep() {
        return clientSweep;
    }

    /** The loop's clock, as {@link System#nanoTime()}. */
    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** What a refused client of this route should know about the state of things. */
    Situation situationOf(Plan plan) {
        ModeRule rule = plan.mode();
        Mode mode = rule == null ? Mode.NORMAL : rule.mode();
        boolean closed = plan.backend().breaker().state() == BreakerState.CLOSED;
        boolean installs = mode != Mode.OFFLINE && ((closed && mode != Mode.DIVERT) || mirrorsFit.getAsBoolean());
        boolean uploads = closed && mode == Mode.NORMAL;
        Instant trial = plan.backend().breaker().nextTrial();
        long seconds =
                trial == null ? 1 : Duration.between(clock.instant(), trial).toSeconds() + 1;
        String message = rule == null ? null : rule.message();
        return new Situation(message, (int) Math.max(1, seconds), installs, uploads);
    }

    EventLoop loop() {
        return loop;
    }

    FileReaders readers() {
        return readers;
    }

    ExchangeObserver observer() {
        return observer;
    }

    RecentAbsences absences() {
        return absences;
    }

    /** What is being fetched for the cache, and the cache. */
    Fills fills() {
        return fills;
    }

    /** The time of day. */
    Instant wallTime() {
        return clock.instant();
    }

    /** An id for a request that never becomes an exchange. */
    public CharSequence newRequestId() {
        return requestIds.idFor(null);
    }

    RequestIds requestIds() {
        return requestIds;
    }

    /** Memory for copies in the making. */
    CaptureRoom captureRoom() {
        return captureRoom;
    }

    UpstreamPool pool(Backend backend) {
        return pools[backend.index()];
    }

    RetryBudget budget(Backend backend) {
        return budgets[backend.index()];
    }

    Balancer balancer(Backend backend) {
        return balancers[backend.index()];
    }

    WaitingRoom waitingRoom(Backend backend) {
        return waitingRooms[backend.index()];
    }

    /** The fine sweep, for whoever waits for a backend. */
    Sweep attemptSweep() {
        return attemptSweep;
    }

    /** Whether a request that can be answered elsewhere should leave a backend alone that has just come back. */
    boolean returnsLater(Backend backend) {
        double share = backend.breaker().share();
        return share < 1 && random.nextDouble() >= share;
    }
}
