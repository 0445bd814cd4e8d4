package dev.detour.health.probe;

import dev.detour.health.failure.Failure;
import dev.detour.health.tls.PeerValidity;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint's probes, one after the other, and the verdict they add up to. Confined to its loop, but for {@link #cancel}. */
final class WatchedEndpoint implements Watch {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedEndpoint.class);

    private final ProbeTarget target;
    private final ProbeListener listener;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final FreshContexts contexts;
    private final LongSupplier nanoClock;
    private final Consumer<WatchedEndpoint> ended;
    private final Pace pace;
    private final Verdict verdict;

    private volatile boolean cancelled;
    private @Nullable ProbeRun run;
    private @Nullable Future<?> next;
    /** A context is being made; if that outlasts its probe, it is for the next one instead of piling up. */
    private boolean making;
    /** When the probe in progress began. */
    private long begun;

    WatchedEndpoint(
            ProbeTarget target,
            ProbeListener listener,
            EventLoop loop,
            Bootstrap bootstrap,
            FreshContexts contexts,
            LongSupplier nanoClock,
            DoubleSupplier jitter,
            Consumer<WatchedEndpoint> ended) {
        this.target = target;
        this.listener = listener;
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.contexts = contexts;
        this.nanoClock = nanoClock;
        this.ended = ended;
        this.pace = new Pace(target.probe().every(), jitter);
        this.verdict = new Verdict(target.probe().upAfter(), target.probe().downAfter());
    }

    /** Begins the next probe; the last one has ended. */
    void probe() {
        if (cancelled) {
            return;
        }
        begun = nanoClock.getAsLong();
        ProbeRun started = new ProbeRun(target, loop, bootstrap, nanoClock, new ProbeRun.Outcome() {
            @Override
            public void onPeer(PeerValidity peer) {
                peer(peer);
            }

            @Override
            public void onOutcome(@Nullable Failure failure, long nanos) {
                outcome(failure, nanos);
            }
        });
        run = started;
        started.begin();
        SslContexts handshakes = target.handshakes();
        if (handshakes != null && !making) {
            making = true;
            contexts.make(handshakes, this::made, this::notMade);
        }
    }

    private void made(SslContext context) {
        making = false;
        ProbeRun waiting = run;
        if (waiting == null) {
            ReferenceCountUtil.release(context);
        } else {
            waiting.proceed(context);
        }
    }

    private void notMade(Throwable cause) {
        making = false;
        ProbeRun waiting = run;
        if (waiting != null) {
            waiting.refuse(cause);
        }
    }

    private void peer(PeerValidity peer) {
        if (!cancelled) {
            listener.onPeer(peer);
        }
    }

    private void outcome(@Nullable Failure failure, long nanos) {
        run = null;
        if (cancelled) {
            return;
        }
        next = loop.schedule(this::probe, pace.pause(nanoClock.getAsLong() - begun), TimeUnit.NANOSECONDS);
        boolean news = verdict.take(failure == null);
        try {
            listener.onProbe(failure, nanos);
            if (news && !cancelled) {
                listener.onVerdict(verdict.up(), failure);
            }
        } catch (RuntimeException e) {
            LOG.error("listener of the probes of {} failed", target.address(), e);
        }
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        ended.accept(this);
        if (loop.inEventLoop()) {
            stop();
            return;
        }
        try {
            loop.execute(this::stop);
        } catch (RejectedExecutionException loopIsGone) {
            // and its connections with it
        }
    }

    private void stop() {
        Future<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
        ProbeRun running = run;
        run = null;
        if (running != null) {
            running.abandon();
        }
    }
}
