package dev.detour.mirror.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for some seconds that a server could not be reached, or did not answer several times in a row: a reader thread
 * must not wait three seconds for each of the files of each page. Thread-safe.
 */
final class Outage {
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int IN_A_ROW = 3;

    private final LongSupplier nanos;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile @Nullable Failure last;

    private record Failure(long at, String problem) {}

    Outage(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void failed(IOException problem) {
        Throwable cause = problem.getCause();
        boolean unreachable = cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof SSLException;
        if (failures.incrementAndGet() >= IN_A_ROW || unreachable) {
            last = new Failure(nanos.getAsLong(), String.valueOf(problem.getMessage()));
        }
    }

    /** It answered. */
    void over() {
        failures.set(0);
        last = null;
    }

    /** What went wrong, while the server is not to be asked again; null otherwise. */
    @Nullable String pausedFor() {
        Failure failure = last;
        return failure != null && nanos.getAsLong() - failure.at() < PAUSE_NANOS ? failure.problem() : null;
    }
}
