package dev.detour.mirror.sync;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How fast an index is asked: so many requests at a time, so many a second, and none while it asks to be left alone. */
final class Pace {
    private final Semaphore connections;
    private final long gapNanos;
    private final LongSupplier nanos;
    private final Waiter waiter;
    private long next;

    /** Waits. */
    interface Waiter {
        void await(long nanos) throws InterruptedException;
    }

    Pace(int connections, int rate, LongSupplier nanos, Waiter waiter) {
        this.connections = new Semaphore(connections);
        this.gapNanos = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / rate;
        this.nanos = nanos;
        this.waiter = waiter;
        this.next = nanos.getAsLong();
    }

    /** Waits for a place and for its turn; {@link #leave} gives the place back. */
    void enter() throws InterruptedException {
        connections.acquire();
        try {
            long turn = turn();
            if (turn > 0) {
                waiter.await(turn);
            }
        } catch (InterruptedException | RuntimeException e) {
            connections.release();
            throw e;
        }
    }

    void leave() {
        connections.release();
    }

    /** Nanoseconds until this caller's turn; the next caller's is later. */
    private synchronized long turn() {
        long now = nanos.getAsLong();
        long turn = Math.max(0, next - now);
        next = now + turn + gapNanos;
        return turn;
    }

    synchronized void pause(Duration time) {
        next = Math.max(next, nanos.getAsLong() + time.toNanos());
    }
}
