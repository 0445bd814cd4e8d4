package dev.detour.health.probe;

import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.health.failure.AttemptPhase;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.health.failure.FailureKind;
import dev.detour.health.tls.Causes;
import dev.detour.health.tls.PeerValidity;
import dev.detour.health.tls.TlsReason;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One probe, from the first step to its outcome, and the last handler of its connection's pipeline. Confined to its loop;
 * tells exactly one outcome, unless it is abandoned.
 *
 * <pre>
 *   CONTEXT ─▶ CONNECT ─▶ HANDSHAKE ─▶ OBJECTION                     tls
 *              CONNECT                                               tcp
 *  (CONTEXT ─▶)CONNECT(─▶ HANDSHAKE)─────────────▶ ANSWER ─▶ BODY    http
 *                                     (any stage) ─▶ DONE
 * </pre>
 *
 * <b>OBJECTION.</b> In TLS 1.3 the client is done before the server has seen its certificate, so a refusal comes as an alert
 * after the handshake (RFC 8446 section 4.4.2.4). A TLS probe therefore closes its side right after the handshake and reads
 * until the server closes its own, or for a moment: what was refused is told by then.
 */
final class ProbeRun extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProbeRun.class);

    private enum Stage {
        CONTEXT,
        CONNECT,
        HANDSHAKE,
        OBJECTION,
        ANSWER,
        BODY,
        DONE
    }

    /** Who hears of the outcome. */
    interface Outcome {
        /** What the server's certificates say, if there was a handshake; before the outcome. */
        void onPeer(PeerValidity peer);

        void onOutcome(@Nullable Failure failure, long nanos);
    }

    /** An alert comes one round trip after the handshake: this is enough to anywhere on earth. */
    private static final long OBJECTION_MILLIS = 250;

    private static final String OUR_FILES = "our own certificate or trust file: ";

    private final ProbeTarget target;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final LongSupplier nanoClock;
    private final Outcome outcome;
    private final AnswerCheck answer;

    private Stage stage = Stage.CONTEXT;
    private long begun;
    private @Nullable Future<?> limit;
    private @Nullable SslHandler tls;
    private @Nullable Channel channel;
    private @Nullable Throwable lastException;
    private long tookToHandshake;

    ProbeRun(ProbeTarget target, EventLoop loop, Bootstrap bootstrap, LongSupplier nanoClock, Outcome outcome) {
        this.target = target;
        this.loop = loop;
        this.bootstrap = bootstrap;
        this.nanoClock = nanoClock;
        this.outcome = outcome;
        this.answer = new AnswerCheck(target.probe());
    }

    // ---- what the watch does with it

    /** Starts the time limit and, if no context is needed, connects; otherwise {@link #proceed} or {@link #refuse} follows. */
    void begin() {
        begun = nanoClock.getAsLong();
        limit = loop.schedule(this::timeUp, target.probe().timeout().toNanos(), TimeUnit.NANOSECONDS);
        if (target.handshakes() == null) {
            connect();
        }
    }

    /** Connects with a context made for this probe; takes ownership. */
    void proceed(SslContext context) {
        try {
            if (stage == Stage.CONTEXT) {
                SslHandler handler = context.newHandler(
                        ByteBufAllocator.DEFAULT,
                        target.tlsName(),
                        target.address().getPort());
                // one limit for the whole probe
                handler.setHandshakeTimeoutMillis(0);
                tls = handler;
                connect();
            }
        } catch (RuntimeException e) {
            refuse(e);
        } finally {
            // each engine keeps what it needs
            ReferenceCountUtil.release(context);
        }
    }

    /** Fails because there is no context. */
    void refuse(Throwable cause) {
        if (stage == Stage.CONTEXT) {
            finish(Failure.tls(TlsReason.OTHER, OUR_FILES + oneLine(cause)));
        }
    }

    /** Ends it without an outcome. */
    void abandon() {
        if (stage != Stage.DONE) {
            end();
        }
    }

    // ---- connecting

    private void connect() {
        stage = Stage.CONNECT;
        SslHandler handler = tls;
        ChannelFuture connecting = bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel opened) {
                        initPipeline(opened, handler);
                    }
                })
                .connect(target.address());
        connecting.addListener(done -> {
            if (loop.inEventLoop()) {
                connected(done);
            } else {
                // there was not even a socket (no file descriptors left), so the promise belongs to no loop of ours
                if (handler != null) {
                    ReferenceCountUtil.release(handler.engine());
                }
                loop.execute(() -> connected(done));
            }
        });
    }

    private void initPipeline(SocketChannel opened, @Nullable SslHandler handler) {
        channel = opened;
        var pipeline = opened.pipeline();
        if (handler != null) {
            pipeline.addLast("tls", handler);
        }
        if (target.probe().kind() == ProbeKind.HTTP) {
            pipeline.addLast("requestEncoder", new HttpRequestEncoder());
            pipeline.addLast(
                    "answerDecoder", new HttpResponseDecoder(new HttpDecoderConfig().setMaxHeaderSize(64 * 1024)));
        }
        pipeline.addLast("probe", this);
    }

    private void connected(Future<? super Void> done) {
        if (stage != Stage.CONNECT) {
            return;
        }
        SslHandler handler = tls;
        if (!done.isSuccess()) {
            finish(FailureClassifier.classify(causeOf(done), AttemptPhase.CONNECT));
        } else if (handler != null) {
            stage = Stage.HANDSHAKE;
            handler.handshakeFuture().addListener(shaken -> shaken(handler, shaken));
        } else if (target.probe().kind() == ProbeKind.TCP) {
            finish(null);
        } else {
            ask();
        }
    }

    private void shaken(SslHandler handler, Future<? super Channel> done) {
        if (stage != Stage.HANDSHAKE) {
            return;
        }
        if (!done.isSuccess()) {
            finish(FailureClassifier.handshake(causeOf(done), lastException, handler.engine()));
            return;
        }
        tellPeer(handler);
        if (target.probe().kind() == ProbeKind.HTTP) {
            ask();
        } else if (handler.engine().getSession().getProtocol().equals("TLSv1.3")) {
            awaitObjection(handler);
        } else {
            finish(null);
        }
    }

    private void tellPeer(SslHandler handler) {
        try {
            PeerValidity peer = PeerValidity.of(handler.engine().getSession().getPeerCertificates());
            if (peer != null) {
                outcome.onPeer(peer);
            }
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("{} showed no certificate", target.address(), e);
        }
    }

    private void awaitObjection(SslHandler handler) {
        stage = Stage.OBJECTION;
        tookToHandshake = nanoClock.getAsLong() - begun;
        cancelLimit();
        // also a probe whose time is nearly up may hear the objection: its handshake was in time
        limit = loop.schedule(() -> finish(null), OBJECTION_MILLIS, TimeUnit.MILLISECONDS);
        handler.closeOutbound().addListener(closed -> {
            if (stage == Stage.OBJECTION && channel instanceof SocketChannel socket) {
                // servers that do not answer close_notify answer FIN
                ChannelFuture unused = socket.shutdownOutput();
            }
        });
    }

    // ---- asking

    private void ask() {
        stage = Stage.ANSWER;
        Channel open = channel;
        if (open != null) {
            ChannelFuture unused = open.writeAndFlush(request());
        }
    }

    private FullHttpRequest request() {
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.GET, target.probe().path(), Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, target.hostHeader())
                .set(HttpHeaderNames.USER_AGENT, "detour-probe")
                .set(HttpHeaderNames.ACCEPT, "*/*")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return request;
    }

    // ---- what the channel does

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (stage != Stage.ANSWER && stage != Stage.BODY) {
                return;
            }
            if (lastException != null && message instanceof LastHttpContent) {
                // the decoder takes any end of the connection for the end of a body without a length
                return;
            }
            boolean complete = message instanceof HttpObject part && answer.read(part);
            if (complete) {
                finish(answer.failure());
            } else if (answer.headSeen()) {
                stage = Stage.BODY;
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (lastException == null && event instanceof SslCloseCompletionEvent closed && !closed.isSuccess()) {
            // ended without close_notify: anyone could have cut the connection (RFC 9112 9.8)
            lastException = closed.cause();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lastException = cause;
        switch (stage) {
            case OBJECTION -> {
                // a server may well reset a connection that was closed on it; only an alert is an objection
                boolean alert = Causes.of(cause).has(SSLException.class);
                finish(alert ? FailureClassifier.classify(cause, AttemptPhase.BEFORE_ANSWER) : null);
            }
            case ANSWER, BODY -> finish(FailureClassifier.lost(cause, stage == Stage.BODY));
            case CONTEXT, CONNECT, HANDSHAKE, DONE -> {
                // the connect or handshake future tells, with this as a hint
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        switch (stage) {
            case OBJECTION -> finish(null);
            case ANSWER, BODY -> finish(FailureClassifier.lost(lastException, stage == Stage.BODY));
            case CONTEXT, CONNECT, HANDSHAKE, DONE -> {
                // the connect or handshake future tells
            }
        }
    }

    // ---- ending

    private void timeUp() {
        String within =
                " within the probe's timeout of " + target.probe().timeout().toMillis() + " ms";
        switch (stage) {
            case CONTEXT -> finish(Failure.tls(TlsReason.OTHER, OUR_FILES + "not read" + within));
            case CONNECT -> finish(Failure.of(FailureKind.CONNECT_TIMEOUT, "no connection" + within));
            case HANDSHAKE -> finish(Failure.tls(TlsReason.TIMEOUT, "no handshake" + within));
            case ANSWER -> finish(Failure.of(FailureKind.FIRST_BYTE_TIMEOUT, "no answer" + within));
            case BODY -> finish(Failure.of(FailureKind.SLOW, "no complete body" + within));
            case OBJECTION, DONE -> {
                // has a limit of its own, or none
            }
        }
    }

    private void finish(@Nullable Failure failure) {
        if (stage == Stage.DONE) {
            return;
        }
        // without the wait for an objection, which says nothing about the endpoint's speed
        long nanos = stage == Stage.OBJECTION ? tookToHandshake : nanoClock.getAsLong() - begun;
        end();
        outcome.onOutcome(failure, nanos);
    }

    private void end() {
        stage = Stage.DONE;
        cancelLimit();
        Channel open = channel;
        if (open != null) {
            ChannelFuture unused = open.close();
        }
    }

    private void cancelLimit() {
        Future<?> running = limit;
        if (running != null) {
            running.cancel(false);
        }
    }

    private static Throwable causeOf(Future<?> failed) {
        Throwable cause = failed.cause();
        return cause != null ? cause : new IllegalStateException("failed without a cause");
    }

    private static String oneLine(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message.replaceAll("\\p{Cntrl}+", " ");
    }
}
