package dev.detour.health.endpoint;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.tls.PeerValidity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The measured health of one backend's endpoints, beside each other.
 *
 * <p><b>Ejection</b> takes an endpoint out for a time because its siblings do better: they take over its traffic, so not more
 * than {@code max-ejected} of the endpoints go, but one of several always may, and the only one never. An endpoint whose TLS
 * can only fail is <b>rejected</b> whatever the others do: nobody loses anything. Both last {@code eject-for}, times the
 * number of times in a row, {@code eject-at-most} at the longest; each interval that an endpoint stays up takes one time off.
 * Probes that find an endpoint <b>down</b> outrank both.
 *
 * <p><b>Time.</b> No threads and no timers of its own: {@link #tick()} ends ejections and compares.
 *
 * <p>Thread-safe. One lock guards the changes of standings; live traffic meets it only where it may cause one.
 */
public final class Siblings {
    private final String backend;
    private final BackendConfig.Outlier outlier;
    private final long slowStartNanos;
    private final Duration drainMargin;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final EndpointListener listener;

    private final Object lock = new Object();
    private final List<EndpointHealth> members = new ArrayList<>();
    private long comparedAt;
    /** Whether one more may be ejected; read without the lock, so that a backend that fails as a whole does not queue for it. */
    private volatile boolean room;

    /**
     * No endpoints yet.
     *
     * @param backend the name given to {@code listener}
     * @param slowStart how long the traffic of an endpoint that comes back grows; zero for all at once
     * @param drainMargin how long before its certificate ends an endpoint steps aside for one whose lasts; zero for never
     * @param clock wall time, for people and for certificates
     * @param nanoClock monotonic time, as {@link System#nanoTime()}, for everything that is waited for
     */
    public Siblings(
            String backend,
            BackendConfig.Outlier outlier,
            Duration slowStart,
            Duration drainMargin,
            Clock clock,
            LongSupplier nanoClock,
            EndpointListener listener) {
        this.backend = backend;
        this.outlier = outlier;
        this.slowStartNanos = slowStart.toNanos();
        this.drainMargin = drainMargin;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.comparedAt = nanoClock.getAsLong();
    }

    /**
     * Another endpoint, up until something else is known.
     *
     * @param endpoint the name given to the listener
     * @param warm whether it gets its whole share at once, as one does that is known since the process started; otherwise it
     *     warms up like one that came back
     */
    public EndpointHealth join(String endpoint, boolean warm) {
        synchronized (lock) {
            EndpointHealth joined = new EndpointHealth(
                    this, endpoint, outlier.consecutive(), slowStartNanos, clock, nanoClock.getAsLong(), warm);
            members.add(joined);
            lookForRoom();
            return joined;
        }
    }

    /**
     * An endpoint is no longer one of these; what is still reported of it changes nothing. If more of the others are ejected
     * now than may be, those that would have come back next come back at once.
     */
    public void leave(EndpointHealth health) {
        synchronized (lock) {
            health.leave();
            members.remove(health);
            members.stream()
                    .filter(each -> each.standing() == Standing.EJECTED)
                    .sorted(Comparator.comparingLong(each -> each.untilNanos() - comparedAt))
                    .limit(Math.max(0, ejected() - mayBeEjected()))
                    .forEach(this::bringUp);
            lookForRoom();
        }
    }

    /**
     * Ends ejections that are over, and every {@code interval} compares the endpoints. To be called about every 100 ms, from
     * one thread.
     */
    public void tick() {
        synchronized (lock) {
            long now = nanoClock.getAsLong();
            for (EndpointHealth each : members) {
                if (out(each) && now - each.untilNanos() >= 0) {
                    bringUp(each);
                }
                each.warmUp(now);
            }
            lookAtDates();
            if (now - comparedAt >= outlier.interval().toNanos()) {
                comparedAt = now;
                compare();
            }
        }
    }

    /** Whose certificate ends within the margin steps aside while a sibling's lasts; the last one never does. */
    private void lookAtDates() {
        if (drainMargin.isZero()) {
            return;
        }
        Instant now = clock.instant();
        for (EndpointHealth each : members) {
            boolean aside = isEnding(each.peer(), now) && isOutlasted(each, now);
            if (aside && each.standing() == Standing.UP) {
                each.setAside();
                told(each, Standing.UP, null);
            } else if (!aside && each.standing() == Standing.EXPIRING) {
                bringUp(each);
            }
        }
    }

    /** A certificate of an hour is not renewed ten minutes before its end by mistake: of a short life the margin is a tenth. */
    private boolean isEnding(@Nullable PeerValidity peer, Instant now) {
        if (peer == null) {
            return false;
        }
        Duration tenth = peer.lifetime().dividedBy(10);
        Duration margin = tenth.compareTo(drainMargin) < 0 ? tenth : drainMargin;
        return !now.isBefore(peer.notAfter().minus(margin));
    }

    private boolean isOutlasted(EndpointHealth health, Instant now) {
        for (EndpointHealth other : members) {
            PeerValidity peer = other.peer();
            if (other != health && other.standing() == Standing.UP && peer != null && !isEnding(peer, now)) {
                return true;
            }
        }
        return false;
    }

    private void compare() {
        List<Tally.Sample> samples =
                members.stream().map(EndpointHealth::endInterval).toList();
        for (Comparison.Outlying each : new Comparison(outlier, samples).outlying()) {
            ejectIfAllowed(each.health(), each.because());
        }
        members.forEach(EndpointHealth::decayEjections);
    }

    void eject(EndpointHealth health, Failure because) {
        if (!room) {
            return;
        }
        synchronized (lock) {
            ejectIfAllowed(health, because);
        }
    }

    private void ejectIfAllowed(EndpointHealth health, Failure because) {
        if (!health.hasLeft() && health.standing() == Standing.UP && ejected() < mayBeEjected()) {
            takeOut(health, Standing.EJECTED, because, timesAfter(health.ejections()));
        }
    }

    void reject(EndpointHealth health, Failure because) {
        synchronized (lock) {
            if (health.hasLeft()) {
                return;
            }
            if (health.standing() == Standing.UP || health.standing() == Standing.EXPIRING) {
                takeOut(health, Standing.REJECTED, because, timesAfter(health.ejections()));
            } else if (health.standing() == Standing.EJECTED) {
                takeOut(health, Standing.REJECTED, because, health.ejections());
            }
        }
    }

    /** @param because what was disproved: a later ejection for another reason stays */
    void endEjection(EndpointHealth health, Failure because) {
        synchronized (lock) {
            if (!health.hasLeft() && out(health) && because.equals(health.because())) {
                bringUp(health);
            }
        }
    }

    void verdict(EndpointHealth health, boolean up, @Nullable Failure because) {
        synchronized (lock) {
            Standing from = health.standing();
            if (health.hasLeft()) {
                return;
            }
            if (up && from == Standing.DOWN) {
                bringUp(health);
            } else if (!up && from != Standing.DOWN) {
                health.bringDown(because);
                told(health, from, because);
            }
        }
    }

    private void takeOut(EndpointHealth health, Standing to, Failure because, int times) {
        Standing from = health.standing();
        Duration length = outlier.ejectFor().multipliedBy(times);
        if (length.compareTo(outlier.ejectAtMost()) > 0) {
            length = outlier.ejectAtMost();
        }
        health.takeOut(to, because, times, clock.instant().plus(length), nanoClock.getAsLong() + length.toNanos());
        told(health, from, because);
    }

    /** More times than make up the longest ejection are not counted: they would only take longer to be forgotten. */
    private int timesAfter(int times) {
        boolean longest = outlier.ejectFor().multipliedBy(times).compareTo(outlier.ejectAtMost()) >= 0;
        return longest ? Math.max(1, times) : times + 1;
    }

    private void bringUp(EndpointHealth health) {
        Standing from = health.standing();
        health.bringUp(nanoClock.getAsLong());
        told(health, from, null);
    }

    private void told(EndpointHealth health, Standing from, @Nullable Failure because) {
        lookForRoom();
        listener.onStanding(backend, health.endpoint(), from, health.standing(), because);
    }

    private static boolean out(EndpointHealth health) {
        return health.standing() == Standing.EJECTED || health.standing() == Standing.REJECTED;
    }

    private void lookForRoom() {
        room = ejected() < mayBeEjected();
    }

    private long ejected() {
        return members.stream()
                .filter(each -> each.standing() == Standing.EJECTED)
                .count();
    }

    private long mayBeEjected() {
        int all = members.size();
        // 29% of 100 are 28.999999999999996 in binary
        return all < 2 ? 0 : Math.max(1, (long) Math.floor(outlier.maxEjected() * all + 1e-9));
    }
}
