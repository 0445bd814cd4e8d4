package dev.detour.proxy.observe;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.exchange.ClientAnswer;
import dev.detour.proxy.exchange.ExchangeObserver;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log: one line for each request, formatted on the event loop into the loop's own {@link LineRing}, which a thread
 * of its own empties. A loop never waits for it: when the output is too slow, lines are dropped and counted.
 */
public final class AccessLog implements ExchangeObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int RING_BYTES = 1024 * 1024;
    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final OutputStream out;
    private final LongSupplier nanoClock;
    private final LongAdder dropped = new LongAdder();
    private final List<LineRing> rings = new CopyOnWriteArrayList<>();
    private final FastThreadLocal<Pen> pens;
    private final Thread writer;
    private volatile boolean closed;

    /** What an event loop writes with. */
    private record Pen(AccessLine line, LineRing ring) {}

    /**
     * A log that writes to {@code out}.
     *
     * @param clock the time of day in the lines
     * @param nanoClock the clock exchanges are timed with
     */
    public AccessLog(OutputStream out, InstantSource clock, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
        this.pens = new FastThreadLocal<>() {
            @Override
            protected Pen initialValue() {
                LineRing ring = new LineRing(RING_BYTES);
                rings.add(ring);
                return new Pen(new AccessLine(clock), ring);
            }
        };
        this.writer = new Thread(this::run, "detour-access-log");
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public void onAttempt(Backend backend, @Nullable Failure failure) {
        // an attempt that failed is named in its request's line
    }

    @Override
    public void onRetry(Backend backend) {
        // lines are about requests
    }

    @Override
    public void onRepeat(Backend backend) {
        // lines are about requests
    }

    @Override
    public void onFinished(ClientAnswer answer) {
        Pen pen = pens.get();
        pen.line().format(answer, nanoClock.getAsLong() - answer.started());
        if (!pen.ring().offer(pen.line().bytes(), pen.line().length())) {
            dropped.increment();
        }
    }

    /** Lines lost because the output was too slow. */
    public long dropped() {
        return dropped.sum();
    }

    private void run() {
        try {
            while (!closed) {
                LockSupport.parkNanos(drain() ? BUSY_NANOS : QUIET_NANOS);
            }
            drain();
        } catch (IOException e) {
            // there is nobody left to tell but the other log
            LOG.error("the access log cannot be written any more: {}", e.toString());
        }
    }

    private boolean drain() throws IOException {
        boolean any = false;
        for (LineRing ring : rings) {
            any |= ring.drainTo(out);
        }
        if (any) {
            out.flush();
        }
        return any;
    }

    /** Writes what is there and ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
