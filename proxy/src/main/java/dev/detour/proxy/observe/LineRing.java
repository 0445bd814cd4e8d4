package dev.detour.proxy.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicLong;

/** A ring of bytes between one thread that offers whole lines and one that drains them; neither ever waits. */
final class LineRing {
    private final byte[] bytes;
    private final int mask;

    /** Total ever offered and drained; each is written by one side only. */
    private final AtomicLong offered = new AtomicLong();

    private final AtomicLong drained = new AtomicLong();

    /** A ring of {@code size} bytes, a power of two. */
    LineRing(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("size: " + size + " (expected: a power of two)");
        }
        this.bytes = new byte[size];
        this.mask = size - 1;
    }

    /** Adds a line, whole or not at all. */
    boolean offer(byte[] line, int length) {
        long at = offered.getPlain();
        if (at + length - drained.getAcquire() > bytes.length) {
            return false;
        }
        int start = (int) at & mask;
        int first = Math.min(length, bytes.length - start);
        System.arraycopy(line, 0, bytes, start, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        offered.setRelease(at + length);
        return true;
    }

    /** Writes everything offered so far; returns whether there was anything. */
    boolean drainTo(OutputStream out) throws IOException {
        long from = drained.getPlain();
        long to = offered.getAcquire();
        if (from == to) {
            return false;
        }
        int start = (int) from & mask;
        int length = (int) (to - from);
        int first = Math.min(length, bytes.length - start);
        out.write(bytes, start, first);
        out.write(bytes, 0, length - first);
        drained.setRelease(to);
        return true;
    }
}
