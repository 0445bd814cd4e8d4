package dev.detour.app.support;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The access log of a proxy under test, kept in memory.
 *
 * <p>A line comes up to a tenth of a second after its answer: wait for it with {@link #await}, or close the proxy, which
 * writes what is left.
 */
public final class AccessLines extends OutputStream {
    // both guarded by this
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final List<AccessEntry> entries = new ArrayList<>();

    @Override
    public synchronized void write(int octet) {
        if (octet == '\n') {
            entries.add(AccessEntry.parse(partial.toString(StandardCharsets.US_ASCII)));
            partial.reset();
            notifyAll();
        } else {
            partial.write(octet);
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** What has been written so far, oldest first. */
    public synchronized List<AccessEntry> entries() {
        return List.copyOf(entries);
    }

    /** Forgets what has been written so far. */
    public synchronized void forget() {
        entries.clear();
    }

    /**
     * Waits for an entry that {@code wanted} accepts, and returns the first such one.
     *
     * @throws AssertionError if none comes within {@code patience}; the message has what did come
     */
    public synchronized AccessEntry await(Predicate<AccessEntry> wanted, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var match = entries.stream().filter(wanted).findFirst();
            if (match.isPresent()) {
                return match.get();
            }
            waitUntil(deadline, "no such access line within " + patience);
        }
    }

    /**
     * Waits until there are at least {@code count} entries.
     *
     * @throws AssertionError if there are fewer after {@code patience}; the message has them
     */
    public synchronized List<AccessEntry> awaitCount(int count, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (entries.size() < count) {
            waitUntil(deadline, "fewer than %d access lines within %s".formatted(count, patience));
        }
        return entries();
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void waitUntil(long deadline, String complaint) throws InterruptedException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new AssertionError(complaint + ", but: " + entries);
        }
        wait(left);
    }
}
