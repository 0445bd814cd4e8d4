package dev.detour.health.probe;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The few threads on which TLS contexts are made: that reads files, which may hang where they lie on a network, and takes
 * milliseconds where all authorities of the JDK are trusted.
 */
final class FreshContexts {
    /** A file system that hangs must not keep the endpoints with other files from being probed. */
    private static final int THREADS = 4;

    private final EventLoop loop;
    private final ThreadPoolExecutor threads;

    /** Threads that hand what they make to {@code loop}. */
    FreshContexts(EventLoop loop) {
        this.loop = loop;
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "detour-probe-tls");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Has a context made; exactly one of the two is called on the loop, unless that or this is closed. */
    void make(SslContexts contexts, Consumer<SslContext> made, Consumer<Throwable> failed) {
        try {
            threads.execute(() -> {
                try {
                    SslContext context = contexts.fresh();
                    hand(() -> made.accept(context), () -> ReferenceCountUtil.release(context));
                } catch (Exception | LinkageError e) {
                    hand(() -> failed.accept(e), () -> {});
                }
            });
        } catch (RejectedExecutionException closed) {
            // nobody waits any more
        }
    }

    private void hand(Runnable result, Runnable otherwise) {
        try {
            loop.execute(result);
        } catch (RejectedExecutionException loopIsGone) {
            otherwise.run();
        }
    }

    /** Makes no more; those being made are still handed over. */
    void close() {
        threads.shutdown();
        threads.getQueue().clear();
    }
}
