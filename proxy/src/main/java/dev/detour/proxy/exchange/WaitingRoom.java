package dev.detour.proxy.exchange;

import dev.detour.config.BackendConfig;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of one event loop wait for room at one backend: within its limit, or at an endpoint. Those turned away last
 * are served first, and within a class who came first.
 *
 * <p>Room made on the same loop is used at once. Room made by another loop is noticed at the next tick of the sweep, 20 ms at
 * most: loops do not call each other for every answer.
 */
final class WaitingRoom implements Timed {
    /** Who waits. Called on the loop. */
    interface Guest {
        /** Begins if there is room; false if there still is none. */
        boolean tryBegin();

        /** Has waited as long as one may. */
        void onWaitedTooLong();

        /** When it came, as {@link System#nanoTime()}. */
        long waitingSince();
    }

    private final EventLoop loop;
    private final Sweep sweep;
    private final Backend backend;
    private final Map<LoadClass, ArrayDeque<Guest>> queues = new EnumMap<>(LoadClass.class);
    private final long patience;
    private final int size;
    private int waiting;
    private boolean awake;
    private Sweep.@Nullable Registration registration;

    WaitingRoom(EventLoop loop, Sweep sweep, Backend backend) {
        BackendConfig.Overload overload = backend.config().overload();
        this.loop = loop;
        this.sweep = sweep;
        this.backend = backend;
        this.patience = overload.queueTime().toNanos();
        this.size = overload.queue();
        for (LoadClass load : LoadClass.values()) {
            queues.put(load, new ArrayDeque<>());
        }
    }

    /** Whether someone waits whom a newcomer of this class must not overtake. */
    boolean hasPrecedence(LoadClass load) {
        if (waiting == 0) {
            return false;
        }
        for (Map.Entry<LoadClass, ArrayDeque<Guest>> queue : queues.entrySet()) {
            if (queue.getKey().compareTo(load) <= 0 && !queue.getValue().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Takes a guest in, unless too many wait already. */
    boolean enter(Guest guest, LoadClass load) {
        if (backend.queued().incrementAndGet() > size * Math.min(1.0, load.share())) {
            backend.queued().decrementAndGet();
            return false;
        }
        queueOf(load).addLast(guest);
        waiting++;
        if (registration == null) {
            registration = sweep.add(this);
        }
        return true;
    }

    /** A guest gave up. */
    void leave(Guest guest, LoadClass load) {
        if (queueOf(load).remove(guest)) {
            gone();
        }
    }

    /** There may be room now. Guests begin after what is going on has come to its end, lest calls pile up. */
    void roomMade() {
        if (waiting > 0 && !awake) {
            awake = true;
            loop.execute(this::serve);
        }
    }

    private void serve() {
        awake = false;
        for (ArrayDeque<Guest> queue : queues.values()) {
            for (Guest first = queue.peekFirst(); first != null; first = queue.peekFirst()) {
                if (!first.tryBegin()) {
                    return;
                }
                if (queue.remove(first)) {
                    gone();
                }
            }
        }
    }

    private ArrayDeque<Guest> queueOf(LoadClass load) {
        ArrayDeque<Guest> queue = queues.get(load);
        if (queue == null) {
            throw new IllegalStateException("load: " + load + " (expected: a queue for each)");
        }
        return queue;
    }

    private void gone() {
        waiting--;
        backend.queued().decrementAndGet();
        if (waiting == 0 && registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    public void onTick(long nowNanos) {
        for (ArrayDeque<Guest> queue : queues.values()) {
            for (Guest first = queue.peekFirst();
                    first != null && nowNanos - first.waitingSince() >= patience;
                    first = queue.peekFirst()) {
                queue.pollFirst();
                gone();
                first.onWaitedTooLong();
            }
        }
        roomMade();
    }
}
