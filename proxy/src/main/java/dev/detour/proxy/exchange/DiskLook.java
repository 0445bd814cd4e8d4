package dev.detour.proxy.exchange;

import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One exchange's wait for what the disk has of an answer that is not in memory. A disk that dawdles has nothing. */
final class DiskLook implements Timed {
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Worker worker;
    private final CacheUse use;
    private final Runnable then;
    private final long began;
    private Sweep.@Nullable Registration timer;

    /** A wait that ends with {@code then}, on the loop; what was found is in {@code use} by then. */
    DiskLook(Worker worker, CacheUse use, Runnable then) {
        this.worker = worker;
        this.use = use;
        this.then = then;
        this.began = worker.nanoTime();
    }

    void begin() {
        timer = worker.attemptSweep().add(this);
        use.recall(this::onRecalled);
    }

    /** On the disk's thread. */
    private void onRecalled(@Nullable StoredAnswer answer) {
        try {
            worker.loop().execute(() -> end(answer));
        } catch (RejectedExecutionException e) {
            // the loop is gone, and the client with it
            drop(answer);
        }
    }

    private void end(@Nullable StoredAnswer answer) {
        if (timer == null) {
            drop(answer);
            return;
        }
        leave();
        if (answer != null) {
            use.recalled(answer);
        }
        then.run();
    }

    private static void drop(@Nullable StoredAnswer answer) {
        if (answer != null) {
            answer.release();
        }
    }

    @Override
    public void onTick(long nowNanos) {
        if (nowNanos - began > PATIENCE_NANOS) {
            leave();
            then.run();
        }
    }

    /** Waits no more. */
    void leave() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
