package dev.detour.health.deadline;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Closes what somebody reads from once time is up, unless they are through by then: limits of sockets and of HTTP clients
 * are for one read, or end with the head of an answer, so that a peer that drips or stalls never meets them.
 *
 * <p>It is closed on the timer's own thread: the common pool may be full of those who wait for just that.
 */
public final class Deadline implements AutoCloseable {
    private final CompletableFuture<Void> timer;
    private volatile boolean passed;

    private Deadline(Closeable read, Duration left) {
        timer = CompletableFuture.runAsync(
                () -> {
                    passed = true;
                    close(read);
                },
                CompletableFuture.delayedExecutor(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS, Runnable::run));
    }

    /** Closes {@code read} after {@code left}. */
    public static Deadline closing(Closeable read, Duration left) {
        return new Deadline(read, left);
    }

    private static void close(Closeable read) {
        try {
            read.close();
        } catch (IOException e) {
            // whoever reads from it learns that it is closed
        }
    }

    /** Whether time was up before this was closed. */
    public boolean passed() {
        return passed;
    }

    /** Whoever reads is through. */
    @Override
    public void close() {
        timer.cancel(false);
    }
}
