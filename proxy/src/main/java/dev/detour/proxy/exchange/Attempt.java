package dev.detour.proxy.exchange;

import dev.detour.health.breaker.Permit;
import dev.detour.health.failure.Failure;
import dev.detour.proxy.upstream.AnswerListener;
import dev.detour.proxy.upstream.Backend;
import dev.detour.proxy.upstream.LeaseListener;
import dev.detour.proxy.upstream.UpstreamConnection;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One try to get an answer from one endpoint. It owns a permit of the breaker, which it settles exactly once, and the
 * leased connection, which it gives back exactly once.
 */
final class Attempt implements LeaseListener, AnswerListener {
    private final Exchange exchange;
    private final Worker worker;
    private final Backend backend;
    private final int endpoint;
    private final Permit permit;
    private final long started;
    private @Nullable UpstreamConnection connection;
    private boolean settled;
    private boolean over;
    private boolean sent;

    /** An attempt that the breaker permits. */
    Attempt(Exchange exchange, Worker worker, Backend backend, int endpoint, Permit permit) {
        this.exchange = exchange;
        this.worker = worker;
        this.backend = backend;
        this.endpoint = endpoint;
        this.permit = permit;
        this.started = worker.nanoTime();
    }

    void lease(boolean mayReuse) {
        worker.pool(backend).lease(endpoint, mayReuse, this);
    }

    int endpoint() {
        return endpoint;
    }

    /** Whether any byte of the request may have reached the endpoint. */
    boolean sent() {
        return sent;
    }

    /** Whether request body pieces can be written. */
    boolean connected() {
        return connection != null && !over;
    }

    boolean isWritable() {
        return connection != null && connection.isWritable();
    }

    /** Sends the request; a body, if it {@code hasBody}, follows through {@link #write}. */
    void send(HttpRequest request, boolean hasBody) {
        sent = true;
        if (hasBody) {
            connection().send(request, this);
        } else {
            connection().sendWhole(request, this);
        }
    }

    void write(HttpContent content) {
        connection().write(content);
    }

    void flush() {
        if (connected()) {
            connection().flush();
        }
    }

    void setReading(boolean on) {
        if (connected()) {
            connection().setReading(on);
        }
    }

    /** The answer is being sent on: the endpoint did its work. */
    void committed() {
        connection().commit();
        settled = true;
        backend.breaker().succeeded(permit, worker.nanoTime() - started);
        worker.observer().onAttempt(backend, null);
    }

    /** The answer's status says that the backend is broken, but it is the best answer there is and is passed on. */
    void committedBroken(Failure failure) {
        connection().commit();
        settleFailed(failure);
    }

    /** The answer came to its end. */
    void complete() {
        if (!over) {
            over = true;
            connection().release();
        }
    }

    /** The answer is not wanted because of what its head says. */
    void reject(Failure failure) {
        over = true;
        settleFailed(failure);
        connection().discard();
    }

    /** Nobody waits for the answer any more: no verdict on the backend. */
    void abandon() {
        if (!over) {
            over = true;
            if (connection != null) {
                connection.close();
            }
        }
        settleUndecided();
    }

    // ---- outcome of the lease

    @Override
    public void onLeased(UpstreamConnection leased) {
        if (over) {
            leased.releaseUnused();
            return;
        }
        connection = leased;
        try {
            exchange.onConnected(this);
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }

    @Override
    public void onLeaseFailed(Failure failure) {
        if (over) {
            return;
        }
        over = true;
        settleFailed(failure);
        failed(failure);
    }

    private void failed(Failure failure) {
        try {
            exchange.onAttemptFailed(this, failure);
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }

    // ---- the answer

    @Override
    public void onHead(HttpResponse head) {
        try {
            exchange.onHead(this, head);
        } catch (RuntimeException e) {
            exchange.onBug(e);
        }
    }

    @Override
    public void onContent(HttpContent content) {
        if (over) {
            content.release();
        } else {
            try {
                exchange.onAnswerContent(this, content);
            } catch (RuntimeException e) {
                exchange.onBug(e);
            }
        }
    }

    @Override
    public void onReadComplete() {
        exchange.onAnswerReadComplete();
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        exchange.onBackendWritabilityChanged(writable);
    }

    @Override
    public void onFailure(Failure failure) {
        over = true;
        UpstreamConnection broken = connection();
        if (RetryRule.diedOfOldAge(failure, broken.reused(), broken.headReceived())) {
            settleUndecided();
            exchange.onDiedOfOldAge(this, failure);
            return;
        }
        settleFailed(failure);
        failed(failure);
    }

    private void settleFailed(Failure failure) {
        long duration = worker.nanoTime() - started;
        if (!settled) {
            settled = true;
            backend.breaker().failed(permit, duration, failure);
        } else {
            // it broke after it had been counted as answered: that is a second verdict, with a permit of its own
            Permit second = backend.breaker().acquire();
            if (second.granted()) {
                backend.breaker().failed(second, duration, failure);
            }
        }
        worker.observer().onAttempt(backend, failure);
    }

    private void settleUndecided() {
        if (!settled) {
            settled = true;
            backend.breaker().release(permit);
        }
    }

    private UpstreamConnection connection() {
        UpstreamConnection leased = connection;
        if (leased == null) {
            throw new IllegalStateException("not leased yet");
        }
        return leased;
    }
}
