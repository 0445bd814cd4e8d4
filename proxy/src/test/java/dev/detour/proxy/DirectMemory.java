package dev.detour.proxy;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How much more memory outside of the heap Netty has in this JVM than when watching began; looked at every millisecond.
 *
 * <p>Netty counts the chunks of its pools and every buffer beside them, whichever way it allocates them. The JVM's own count
 * has some of that once more, and the buffers of the tests' sockets.
 */
final class DirectMemory implements AutoCloseable {
    private static final long EVERY_NANOS = 1_000_000;

    private final long before = now();
    private final AtomicLong most = new AtomicLong();
    private final Thread watcher = new Thread(this::run, "direct-memory");
    private volatile boolean over;

    private DirectMemory() {}

    static DirectMemory watch() {
        DirectMemory memory = new DirectMemory();
        memory.watcher.setDaemon(true);
        memory.watcher.start();
        return memory;
    }

    /** By how much it has grown until now. */
    long growth() {
        long grown = now() - before;
        most.accumulateAndGet(grown, Math::max);
        return grown;
    }

    /** By how much it had grown when it was largest. */
    long most() {
        growth();
        return most.get();
    }

    private void run() {
        while (!over) {
            growth();
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    private static long now() {
        long used = PlatformDependent.usedDirectMemory();
        if (used < 0) {
            throw new IllegalStateException(
                    "Netty does not count its direct memory here (expected: it does by default)");
        }
        return used;
    }

    @Override
    public void close() {
        over = true;
    }
}
