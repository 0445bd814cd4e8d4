package dev.detour.proxy.loop;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One coarse timer for all connections of an event loop. A timer task per request would cost an allocation and two heap
 * operations each; a sweep costs one comparison per connection and tick, and deadlines are late by at most one period.
 *
 * <p>Confined to its event loop. The timer runs only while something is registered.
 */
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final EventLoop loop;
    private final long periodMillis;
    private final LongSupplier nanoClock;
    private final List<Registration> members = new ArrayList<>();
    private boolean running;

    /**
     * A sweep of {@code loop}.
     *
     * @param periodMillis time between ticks
     * @param nanoClock the time given to members, as {@link System#nanoTime()}
     */
    public Sweep(EventLoop loop, long periodMillis, LongSupplier nanoClock) {
        this.loop = loop;
        this.periodMillis = periodMillis;
        this.nanoClock = nanoClock;
    }

    /** Registers a member; call on the event loop. */
    public Registration add(Timed member) {
        Registration registration = new Registration(member, members.size());
        members.add(registration);
        if (!running) {
            running = true;
            scheduleNext();
        }
        return registration;
    }

    private void scheduleNext() {
        var unused = loop.schedule(this::tick, periodMillis, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        long now = nanoClock.getAsLong();
        // backwards: a member that cancels itself is replaced by one already visited
        for (int i = members.size() - 1; i >= 0; i--) {
            if (i < members.size()) {
                visit(members.get(i).member, now);
            }
        }
        running = !members.isEmpty();
        if (running && !loop.isShuttingDown()) {
            scheduleNext();
        }
    }

    private static void visit(Timed member, long now) {
        try {
            member.onTick(now);
        } catch (RuntimeException e) {
            // a bug of ours, but without the sweep no deadline of this loop would be kept any more
            LOG.error("deadline of {} not kept", member, e);
        }
    }

    /** A member's place in the sweep. */
    public final class Registration {
        private final Timed member;
        private int index;

        private Registration(Timed member, int index) {
            this.member = member;
            this.index = index;
        }

        /** Takes the member out, also during a tick; once, and on the event loop. */
        public void cancel() {
            // order does not matter, so the last one fills the gap
            Registration last = members.remove(members.size() - 1);
            if (last != this) {
                members.set(index, last);
                last.index = index;
            }
        }
    }
}
