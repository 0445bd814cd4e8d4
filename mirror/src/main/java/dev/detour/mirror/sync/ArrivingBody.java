package dev.detour.mirror.sync;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way, without its content coding: not more than so many bytes, not longer than so much time. Remembers what
 * broke it, so that a fault of the index is told from one of the reader.
 */
final class ArrivingBody extends InputStream {
    private final InputStream raw;
    private final long largest;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private @Nullable InputStream decoded;
    private long count;
    private volatile boolean late;
    private @Nullable IOException failure;

    ArrivingBody(InputStream raw, long largest, Duration longest) {
        this.raw = raw;
        this.largest = largest;
        over.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS).whenComplete((done, timeout) -> {
            if (timeout != null) {
                late = true;
                closeRaw();
            }
        });
    }

    /** Begins to read. */
    void decode(String coding) throws IOException {
        try {
            if (coding.isEmpty() || coding.equalsIgnoreCase("identity")) {
                decoded = raw;
            } else if (coding.equalsIgnoreCase("gzip")) {
                decoded = new GZIPInputStream(raw, 8192);
            } else {
                throw new IOException("Content-Encoding is " + coding + " (expected: gzip or none)");
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** What broke it off, or null. */
    @Nullable IOException failure() {
        return failure;
    }

    /** Reads what its reader left, so that an end that is missing is noticed. */
    void finish() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    private IOException failed(IOException e) {
        IOException told = late ? new IOException("not read within its time", e) : e;
        failure = failure == null ? told : failure;
        return told;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? n : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        InputStream source = decoded;
        if (source == null) {
            return -1;
        }
        try {
            int n = source.read(into, from, length);
            if (late) {
                throw new IOException("closed");
            }
            count += Math.max(0, n);
            if (count > largest) {
                throw new IOException("more than " + largest + " bytes");
            }
            return n;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Parsers close what they read; what is left must be looked at all the same. */
    @Override
    public void close() {}

    /** Makes a read that waits fail, on whatever thread. */
    void abort() {
        closeRaw();
    }

    /** Gives the connection back. */
    void end() {
        over.complete(null);
        closeRaw();
    }

    private void closeRaw() {
        try {
            raw.close();
        } catch (IOException e) {
            // it is of no use any more
            failure = failure == null ? e : failure;
        }
    }
}
