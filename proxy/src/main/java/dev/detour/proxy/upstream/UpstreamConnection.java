package dev.detour.proxy.upstream;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.health.failure.FailureKind;
import dev.detour.proxy.backend.Endpoint;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an endpoint and the last handler of its pipeline; it expects a request encoder and an
 * {@link AnswerDecoder} before it. It translates what the channel does into calls of the {@link AnswerListener}, watches the
 * time, and knows whether the connection may be used again.
 *
 * <pre>
 *   CONNECTING ──▶ LEASED ──send──▶ BUSY ──release──▶ RELEASED ──burst over──▶ IDLE ──leaseIdle──▶ LEASED
 *                                    │ discard ▲
 *                                    ▼         │ body ended in time
 *                                 DISCARDING ──┘          (any state) ──▶ CLOSED
 * </pre>
 *
 * Confined to the event loop of its pool.
 */
public final class UpstreamConnection extends ChannelInboundHandlerAdapter implements Timed {
    private enum State {
        CONNECTING,
        LEASED,
        BUSY,
        DISCARDING,
        RELEASED,
        IDLE,
        CLOSED
    }

    private static final long NEVER = Long.MAX_VALUE;
    private static final long DISCARD_NANOS = 1_000_000_000L;
    private static final int DISCARD_BYTES = 64 * 1024;

    private final UpstreamPool pool;
    private final Endpoint endpoint;
    private final Sweep sweep;
    private final LongSupplier nanoClock;
    private final BackendConfig.Timeouts timeouts;
    private final AnswerDecoder decoder = new AnswerDecoder();

    private State state = State.CONNECTING;
    private Sweep.@Nullable Registration registration;
    private @Nullable Channel channel;
    private @Nullable AnswerListener listener;
    private @Nullable Throwable lastException;
    private boolean reused;

    // of the exchange in progress
    private boolean requestSent;
    private boolean headReceived;
    private boolean answerComplete;
    private boolean keepAlive;
    private boolean committed;
    private boolean reading = true;
    private boolean progress;
    private int discarded;

    /** Absolute nanoseconds, {@link #NEVER} when nothing is due. */
    private long deadline = NEVER;

    UpstreamConnection(
            UpstreamPool pool,
            Endpoint endpoint,
            Sweep sweep,
            LongSupplier nanoClock,
            BackendConfig.Timeouts timeouts) {
        this.pool = pool;
        this.endpoint = endpoint;
        this.sweep = sweep;
        this.nanoClock = nanoClock;
        this.timeouts = timeouts;
    }

    AnswerDecoder decoder() {
        return decoder;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether an earlier request already went over this connection: it may have died without our knowing. */
    public boolean reused() {
        return reused;
    }

    /** Whether any part of an answer to the current request has arrived. */
    public boolean headReceived() {
        return headReceived;
    }

    /** Whether the request body may be written without queueing much. */
    public boolean isWritable() {
        return channel != null && channel.isWritable();
    }

    // ---- what an attempt does with it

    /**
     * Sends a request without a body.
     *
     * @param listener who gets the answer
     */
    public void sendWhole(HttpRequest request, AnswerListener listener) {
        begin(request, listener);
        requestSent = true;
        // one write instead of two: head and empty end travel as one message
        channel()
                .write(
                        new DefaultFullHttpRequest(
                                request.protocolVersion(),
                                request.method(),
                                request.uri(),
                                Unpooled.EMPTY_BUFFER,
                                request.headers(),
                                EmptyHttpHeaders.INSTANCE),
                        channel().voidPromise());
        deadline = nanoClock.getAsLong() + timeouts.firstByte().toNanos();
    }

    /**
     * Sends a request's head; its body follows through {@link #write}.
     *
     * @param listener who gets the answer
     */
    public void send(HttpRequest request, AnswerListener listener) {
        begin(request, listener);
        requestSent = false;
        channel().write(request, channel().voidPromise());
        // while the request body is being sent only silence is limited
        deadline = nanoClock.getAsLong() + timeouts.betweenBytes().toNanos();
    }

    private void begin(HttpRequest request, AnswerListener waiting) {
        listener = waiting;
        state = State.BUSY;
        headReceived = false;
        answerComplete = false;
        committed = false;
        progress = false;
        keepAlive = true;
        decoder.expectAnswerToHead(HttpMethod.HEAD.equals(request.method()));
    }

    /** Writes a piece of the request body; takes ownership. */
    public void write(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        channel().write(content, channel().voidPromise());
        progress = true;
        if (last) {
            requestSent = true;
            if (!headReceived) {
                deadline = nanoClock.getAsLong() + timeouts.firstByte().toNanos();
            }
        }
    }

    /** Flushes what was written. */
    public void flush() {
        channel().flush();
    }

    /** Pauses or resumes reading the answer, because the client is slower than the backend. */
    public void setReading(boolean on) {
        if (reading != on && state != State.CLOSED) {
            reading = on;
            channel().config().setAutoRead(on);
            // a pause is the client's doing, not the backend's
            progress = true;
        }
    }

    /** From now on the answer is limited by silence only, not by the first-byte timeout. */
    public void commit() {
        committed = true;
        progress = true;
    }

    /** Gives a connection back whose answer is complete. */
    public void release() {
        listener = null;
        if (state == State.CLOSED) {
            return;
        }
        setReading(true);
        if (answerComplete && requestSent && keepAlive) {
            // not yet to the pool: bytes behind this answer, still in the decoder, must not meet the next request
            state = State.RELEASED;
            deadline = NEVER;
        } else {
            close();
        }
    }

    /** Gives a leased connection back over which nothing was sent. */
    public void releaseUnused() {
        // connecting: the lease hears of the connection before channelActive does
        if (state == State.LEASED || state == State.CONNECTING) {
            pool.giveBack(this);
        }
    }

    /** Gives the connection back although its answer is not wanted: a short rest of the body is read, otherwise it is closed. */
    public void discard() {
        listener = null;
        if (answerComplete || state == State.CLOSED) {
            release();
            return;
        }
        if (!headReceived || !requestSent || !keepAlive) {
            close();
            return;
        }
        state = State.DISCARDING;
        discarded = 0;
        deadline = nanoClock.getAsLong() + DISCARD_NANOS;
        setReading(true);
    }

    /** Closes the connection, whatever it does; the listener is not told. */
    public void close() {
        listener = null;
        if (state != State.CLOSED) {
            if (state == State.IDLE) {
                pool.forgetIdle(this);
            }
            state = State.CLOSED;
            channel().close();
        }
    }

    // ---- what the pool does with it

    void becomeIdle(long until) {
        state = State.IDLE;
        reused = true;
        deadline = until;
    }

    boolean leaseIdle() {
        if (state != State.IDLE || !channel().isActive()) {
            return false;
        }
        state = State.LEASED;
        deadline = NEVER;
        return true;
    }

    Failure handshakeFailure(Throwable cause, SSLEngine engine) {
        return FailureClassifier.handshake(cause, lastException, engine);
    }

    // ---- what the channel does

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        registration = sweep.add(this);
        if (state == State.CONNECTING) {
            // otherwise the lease, which hears of the connection first, has already sent its request
            state = State.LEASED;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        AnswerListener waiting = listener;
        if (waiting == null || state != State.BUSY || answerComplete) {
            readUnwanted(message);
            return;
        }
        if (((HttpObject) message).decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            Throwable cause = ((HttpObject) message).decoderResult().cause();
            if (cause instanceof PrematureChannelClosureException) {
                // channelInactive follows, and knows how the connection ended
                return;
            }
            fail(Failure.of(FailureKind.MALFORMED, "not HTTP: " + cause.getMessage()));
            return;
        }
        if (lastException != null && message instanceof LastHttpContent) {
            // the decoder takes any end of the connection for the end of a body without a length
            ReferenceCountUtil.release(message);
            return;
        }
        progress = true;
        if (message instanceof HttpResponse head) {
            readHead(waiting, head);
        }
        if (message instanceof HttpContent content) {
            if (!headReceived) {
                // the empty end of an interim answer
                content.release();
                return;
            }
            answerComplete = content instanceof LastHttpContent;
            waiting.onContent(content);
        }
    }

    private void readHead(AnswerListener waiting, HttpResponse head) {
        int status = head.status().code();
        if (status < 100) {
            fail(Failure.of(FailureKind.MALFORMED, "status " + status));
            return;
        }
        if (status == 101) {
            fail(Failure.of(FailureKind.MALFORMED, "switched protocols without being asked to"));
            return;
        }
        if (status >= 200) {
            headReceived = true;
            keepAlive = HttpUtil.isKeepAlive(head);
        }
        waiting.onHead(head);
    }

    private void readUnwanted(Object message) {
        boolean last = message instanceof LastHttpContent;
        boolean broken = ((HttpObject) message).decoderResult().isFailure();
        if (message instanceof HttpContent content) {
            discarded += content.content().readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (broken || state != State.DISCARDING || discarded > DISCARD_BYTES) {
            // an answer nobody asked for must not reach the next client
            close();
        } else if (last) {
            answerComplete = true;
            release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        AnswerListener waiting = listener;
        if (waiting != null) {
            waiting.onReadComplete();
        } else if (state == State.RELEASED) {
            pool.giveBack(this);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        progress = true;
        if (listener != null) {
            listener.onWritabilityChanged(ctx.channel().isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        if (state == State.BUSY && !answerComplete) {
            fail(FailureClassifier.lost(lastException, headReceived));
        } else {
            close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (lastException == null && event instanceof SslCloseCompletionEvent closed && !closed.isSuccess()) {
            // ended without close_notify: anyone could have cut the connection (RFC 9112 9.8)
            lastException = closed.cause();
        }
        if (state == State.IDLE && event instanceof SslCloseCompletionEvent) {
            // the backend said goodbye, though its FIN may wait for ours
            close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // the handshake and channelInactive that follow ask for it
        lastException = cause;
        if (state == State.IDLE) {
            close();
        } else {
            ctx.close();
        }
    }

    @Override
    public void onTick(long now) {
        if (deadline == NEVER) {
            return;
        }
        if (state == State.IDLE && endpoint.finished()) {
            close();
        } else if (state == State.BUSY && (committed || !requestSent) && (progress || !reading || waitsForRequest())) {
            progress = false;
            deadline = now + timeouts.betweenBytes().toNanos();
        } else if (now - deadline >= 0) {
            expire();
        }
    }

    /** Whether the backend has taken all there is of the request: then the silence is the client's, which is limited elsewhere. */
    private boolean waitsForRequest() {
        if (requestSent || committed) {
            return false;
        }
        ChannelOutboundBuffer queued = channel().unsafe().outboundBuffer();
        return queued != null && queued.isEmpty();
    }

    private void expire() {
        if (state != State.BUSY || answerComplete) {
            if (state != State.BUSY) {
                close();
            }
        } else if (committed || !requestSent) {
            fail(Failure.of(
                    FailureKind.BETWEEN_BYTES_TIMEOUT,
                    "silent for " + timeouts.betweenBytes().toMillis() + " ms"));
        } else if (headReceived) {
            fail(Failure.of(
                    FailureKind.SLOW,
                    "body incomplete after " + timeouts.firstByte().toMillis() + " ms"));
        } else {
            fail(Failure.of(
                    FailureKind.FIRST_BYTE_TIMEOUT,
                    "no answer within " + timeouts.firstByte().toMillis() + " ms"));
        }
    }

    private void fail(Failure failure) {
        AnswerListener waiting = listener;
        close();
        if (waiting != null) {
            waiting.onFailure(failure);
        }
    }

    private Channel channel() {
        Channel connected = channel;
        if (connected == null) {
            throw new IllegalStateException("not connected yet");
        }
        return connected;
    }
}
