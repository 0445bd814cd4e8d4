package dev.detour.proxy.exchange;

import dev.detour.health.failure.Failure;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.Endpoint;
import dev.detour.proxy.upstream.AnswerListener;
import dev.detour.proxy.upstream.LeaseListener;
import dev.detour.proxy.upstream.UpstreamConnection;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One try to get an answer from one endpoint, which has been entered for it. It owns the leased connection, which it gives
 * back exactly once, and tells the endpoint's health exactly one outcome, or two if an answer breaks after it was counted.
 */
final class Attempt implements LeaseListener, AnswerListener {
    private final BackendInquiry inquiry;
    private final Worker worker;
    private final Backend backend;
    private final Endpoint endpoint;
    private final long started;
    private long askedAt;
    private @Nullable UpstreamConnection connection;
    private boolean over;
    private boolean left;
    private boolean sent;

    /** An attempt at an endpoint that was entered, begun at {@code started}. */
    Attempt(BackendInquiry inquiry, Worker worker, Backend backend, Endpoint endpoint, long started) {
        this.inquiry = inquiry;
        this.worker = worker;
        this.backend = backend;
        this.endpoint = endpoint;
        this.started = started;
        this.askedAt = started;
    }

    void lease(boolean mayReuse) {
        worker.pool(backend).lease(endpoint, mayReuse, this);
    }

    Endpoint endpoint() {
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
        askedAt = worker.nanoTime();
        connection().write(content);
    }

    /** Since when the endpoint has all that it was given: how slowly a client sends a body is not its doing. */
    long askedAt() {
        return askedAt;
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

    // ---- outcomes

    /** The answer is being sent on: the endpoint did its work. */
    void committed() {
        connection().commit();
        answered();
    }

    /** The answer is being sent on, and says nothing about the endpoint. */
    void committedWithoutVerdict() {
        connection().commit();
        worker.observer().onAttempt(backend, null);
    }

    /** A good answer that nobody wants any more. */
    void late() {
        over = true;
        answered();
        connection().discard();
        leave();
    }

    private void answered() {
        endpoint.health().succeeded(worker.nanoTime() - askedAt);
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
        leave();
    }

    /** The answer is not wanted because of what it says. */
    void reject(Failure failure) {
        over = true;
        settleFailed(failure);
        connection().discard();
        leave();
    }

    /** There is no time left for it; the endpoint is to blame if it took at least half of the time since {@code from}. */
    void expire(Failure deadline, long from) {
        if (!over) {
            long now = worker.nanoTime();
            if (2 * (now - started) >= now - from) {
                settleFailed(deadline);
            } else {
                worker.observer().onAttempt(backend, deadline);
            }
        }
        abandon();
    }

    /** Nobody waits for the answer any more: no verdict on the endpoint. */
    void abandon() {
        if (!over) {
            over = true;
            if (connection != null) {
                connection.close();
            }
        }
        leave();
    }

    void settleFailed(Failure failure) {
        endpoint.health().failed(failure, worker.nanoTime() - askedAt);
        worker.observer().onAttempt(backend, failure);
    }

    private void leave() {
        if (!left) {
            left = true;
            endpoint.leave();
            worker.waitingRoom(backend).roomMade();
        }
    }

    // ---- what the lease and the connection tell

    @Override
    public void onLeased(UpstreamConnection leased) {
        if (over) {
            leased.releaseUnused();
            return;
        }
        connection = leased;
        try {
            inquiry.onConnected(this);
        } catch (RuntimeException e) {
            inquiry.onBug(e);
        }
    }

    @Override
    public void onLeaseFailed(Failure failure) {
        if (!over) {
            fail(failure);
        }
    }

    @Override
    public void onFailure(Failure failure) {
        UpstreamConnection broken = connection();
        if (RetryRule.diedOfOldAge(failure, broken.reused(), broken.headReceived())) {
            over = true;
            leave();
            try {
                inquiry.onDiedOfOldAge(this, failure);
            } catch (RuntimeException e) {
                inquiry.onBug(e);
            }
        } else {
            fail(failure);
        }
    }

    private void fail(Failure failure) {
        over = true;
        settleFailed(failure);
        leave();
        try {
            inquiry.onAttemptFailed(this, failure);
        } catch (RuntimeException e) {
            inquiry.onBug(e);
        }
    }

    @Override
    public void onHead(HttpResponse head) {
        try {
            inquiry.onHead(this, head);
        } catch (RuntimeException e) {
            inquiry.onBug(e);
        }
    }

    @Override
    public void onContent(HttpContent content) {
        if (over) {
            content.release();
            return;
        }
        try {
            inquiry.onContent(this, content);
        } catch (RuntimeException e) {
            inquiry.onBug(e);
        }
    }

    @Override
    public void onReadComplete() {
        inquiry.onReadComplete();
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        inquiry.onWritabilityChanged(writable);
    }

    private UpstreamConnection connection() {
        UpstreamConnection leased = connection;
        if (leased == null) {
            throw new IllegalStateException("not leased yet");
        }
        return leased;
    }
}
