package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.refuse.RefusalCause;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One exchange among those who wait for a {@link Fill}: brings what that tells to the exchange's own event loop. */
final class FillReader {
    private final Caching caching;
    private final Worker worker;
    private final CacheUse use;
    private final Fill fill;
    /** Progress told and not yet heard: more of it need not be told. */
    private final AtomicBoolean told = new AtomicBoolean();
    /** Confined to the loop. */
    private boolean left;

    FillReader(Caching caching, Worker worker, CacheUse use, Fill fill) {
        this.caching = caching;
        this.worker = worker;
        this.use = use;
        this.fill = fill;
    }

    /** Wants nothing more. On the exchange's loop. */
    void leave() {
        if (!left) {
            left = true;
            fill.audience().leave(this);
        }
    }

    Worker worker() {
        return worker;
    }

    /** Whether an answer to somebody else's request is one to ours as well (RFC 9111 4.1). */
    boolean isMeant(StoredAnswer answer) {
        return use.isMeant(answer);
    }

    /** Whether an answer that may not be kept can be ours: it was we who asked. On the fill's loop, which is ours then. */
    boolean mayInherit(CacheUse asked) {
        return use == asked && !left;
    }

    /** Takes over what the fill has asked for; null if the exchange is otherwise engaged. */
    @Nullable Asker inherit(BackendInquiry inquiry) {
        left = true;
        return caching.inherit(inquiry);
    }

    // ---- told by the fill, on its loop

    /** There is an answer, of which this reader gets a count. */
    void onReady(StoredAnswer answer) {
        onLoop(
                () -> {
                    if (left) {
                        answer.release();
                    } else {
                        caching.onReady(fill, answer);
                    }
                },
                answer);
    }

    void onProgress() {
        if (told.compareAndSet(false, true)) {
            onLoop(
                    () -> {
                        told.set(false);
                        if (!left) {
                            caching.onProgress();
                        }
                    },
                    null);
        }
    }

    void onPassed() {
        onLoop(
                () -> {
                    if (!left) {
                        left = true;
                        caching.onPassed();
                    }
                },
                null);
    }

    void onFailed(@Nullable Failure failure, String because, RefusalCause otherwise) {
        onLoop(
                () -> {
                    if (!left) {
                        left = true;
                        caching.onFailed(failure, because, otherwise);
                    }
                },
                null);
    }

    private void onLoop(Runnable task, @Nullable StoredAnswer given) {
        if (worker.loop().inEventLoop()) {
            run(task);
            return;
        }
        try {
            worker.loop().execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            // the loop is gone, and the client with it
            if (given != null) {
                given.release();
            }
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            caching.onBug(e);
        }
    }
}
