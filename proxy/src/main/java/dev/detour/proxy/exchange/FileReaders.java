package dev.detour.proxy.exchange;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that read files for all event loops. A disk that stalls holds all of them and nothing else: what waits for them
 * is bounded, and nobody waits for ever. Thread-safe.
 */
public final class FileReaders implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 2_000;

    private final ExecutorService threads =
            Executors.newFixedThreadPool(THREADS, new DefaultThreadFactory("detour-reader", true));
    private final AtomicInteger waiting = new AtomicInteger();

    /** Runs what can be left undone; false if too much waits already, or nothing is read any more. */
    boolean offer(Runnable reading) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return false;
        }
        return execute(() -> {
            waiting.decrementAndGet();
            reading.run();
        });
    }

    /** Runs what goes on with something begun; false if nothing is read any more. */
    boolean execute(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
