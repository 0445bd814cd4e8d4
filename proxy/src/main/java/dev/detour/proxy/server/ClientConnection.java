package dev.detour.proxy.server;

import dev.detour.proxy.exchange.Downstream;
import dev.detour.proxy.exchange.Exchange;
import dev.detour.proxy.exchange.Plan;
import dev.detour.proxy.exchange.Snapshot;
import dev.detour.proxy.exchange.Worker;
import dev.detour.proxy.loop.Sweep;
import dev.detour.proxy.loop.Timed;
import dev.detour.proxy.route.Route;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection and the last handler of its pipeline; it expects a request decoder and a {@link ResponseEncoder}
 * before it. It owns the exchange in progress, of which there is at most one: pipelined requests wait.
 *
 * <pre>
 *   AWAITING ──request──▶ EXCHANGING ──answered──▶ AWAITING
 *                             │ answered, but not persistent
 *                             ▼
 *                         DRAINING ──request body ended, or limits──▶ LINGERING ──client closed, or time──▶ (closed)
 * </pre>
 *
 * <p><b>Draining.</b> A client that is still sending when it is refused does not see the answer if we close: the reset that
 * follows throws the answer away, over TLS always. So the rest of the body is read and dropped, within limits.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements Downstream, Timed {
    private enum State {
        AWAITING,
        EXCHANGING,
        DRAINING,
        LINGERING
    }

    private final Worker worker;
    private final ConnectionLimits limits;
    private final ResponseEncoder encoder;
    private final boolean secure;

    private State state = State.AWAITING;
    private @Nullable Channel channel;
    private Sweep.@Nullable Registration registration;
    private @Nullable Exchange exchange;
    private @Nullable ArrayDeque<Object> pipelined;
    private String clientAddress = "-";
    private InetAddress address = InetAddress.getLoopbackAddress();
    private boolean requestComplete = true;
    private boolean unflushed;
    private boolean reading = true;

    private long deadline;
    private long drainEnd;
    private long bytesSinceTick;
    private long lastLeft;
    private boolean progress;

    ClientConnection(Worker worker, ConnectionLimits limits, ResponseEncoder encoder, boolean secure) {
        this.worker = worker;
        this.limits = limits;
        this.encoder = encoder;
        this.secure = secure;
    }

    // ---- what the channel does

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
            address = remote.getAddress();
            clientAddress = address.getHostAddress();
        }
        registration = worker.clientSweep().add(this);
        deadline = worker.nanoTime() + limits.idleNanos();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        take(message);
    }

    private void take(Object message) {
        // an answer for everyone who asks but does not read would fill the memory
        boolean unread =
                state == State.AWAITING && (pipelined != null || !channel().isWritable());
        if (unread || (state == State.EXCHANGING && requestComplete)) {
            // pipelined: it waits until the answer before it is written
            if (pipelined == null) {
                pipelined = new ArrayDeque<>();
            }
            pipelined.add(message);
            setReading(false);
        } else {
            accept((HttpObject) message);
        }
    }

    private void accept(HttpObject message) {
        if (state == State.AWAITING && message instanceof HttpRequest request) {
            begin(request);
        }
        if (message instanceof HttpContent content) {
            acceptContent(content);
        } else if (state == State.LINGERING || state == State.DRAINING) {
            ReferenceCountUtil.release(message);
        }
    }

    private void acceptContent(HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        boolean broken = content.decoderResult().isFailure();
        progress = true;
        requestComplete |= last && !broken;
        if (broken && state != State.LINGERING) {
            content.release();
            channel().close();
        } else if (state == State.EXCHANGING && exchange != null) {
            exchange.onRequestContent(content);
        } else {
            bytesSinceTick += content.content().readableBytes();
            content.release();
            if (state == State.DRAINING && last) {
                linger();
            }
        }
    }

    private void begin(HttpRequest request) {
        state = State.EXCHANGING;
        progress = true;
        // what follows a request that cannot be decoded is not its body
        requestComplete = request.decoderResult().isFailure();
        encoder.answerToHead(HttpMethod.HEAD.equals(request.method()));
        toOriginForm(request);
        RequestGuard.Rejection rejection = RequestGuard.check(request);
        if (rejection != null) {
            reject(rejection);
            return;
        }
        Snapshot snapshot = worker.snapshot();
        Route route = snapshot.routes().classify(request.method(), hostOf(request), request.uri(), request.headers());
        if (route == null) {
            reject(new RequestGuard.Rejection(404, "no route takes this request"));
            return;
        }
        Plan plan = snapshot.plans().get(route.index());
        boolean modern = request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        Exchange started = new Exchange(this, worker, snapshot, plan, request, modern);
        exchange = started;
        started.start();
    }

    /** Turns an absolute-form target into origin form; its authority overrules the Host header (RFC 9112 3.2.2). */
    private static void toOriginForm(HttpRequest request) {
        String target = request.uri();
        if (target.isEmpty() || target.charAt(0) == '/') {
            return;
        }
        int scheme = target.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : target.regionMatches(true, 0, "https://", 0, 8) ? 8 : -1;
        if (scheme < 0) {
            return;
        }
        int slash = target.indexOf('/', scheme);
        String authority = slash < 0 ? target.substring(scheme) : target.substring(scheme, slash);
        request.setUri(slash < 0 ? "/" : target.substring(slash));
        if (request.headers().getAll(HttpHeaderNames.HOST).size() <= 1) {
            request.headers().set(HttpHeaderNames.HOST, authority);
        }
    }

    private static @Nullable CharSequence hostOf(HttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null) {
            return null;
        }
        int colon = host.lastIndexOf(':');
        // a colon inside brackets belongs to an IPv6 address
        return colon < 0 || host.indexOf(']', colon) >= 0 ? host : host.substring(0, colon);
    }

    private void reject(RequestGuard.Rejection rejection) {
        Rejecting.write(channel(), rejection, worker.newRequestId());
        channel().flush();
        onAnswered(false);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.onRequestReadComplete();
        }
        if (unflushed) {
            flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        progress = true;
        if (exchange != null) {
            exchange.onClientWritabilityChanged(ctx.channel().isWritable());
        } else if (state == State.AWAITING && ctx.channel().isWritable()) {
            takePipelined();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        Exchange gone = exchange;
        exchange = null;
        if (gone != null) {
            gone.onClientGone();
        }
        ArrayDeque<Object> waiting = pipelined;
        pipelined = null;
        if (waiting != null) {
            waiting.forEach(ReferenceCountUtil::release);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // resets, failed handshakes, writes to a client that left: the connection is all there is to lose
        ctx.close();
    }

    // ---- what an exchange wants

    @Override
    public void write(HttpObject message) {
        unflushed = true;
        channel().write(message, channel().voidPromise());
    }

    @Override
    public void flush() {
        unflushed = false;
        channel().flush();
    }

    @Override
    public boolean isWritable() {
        return channel().isWritable();
    }

    @Override
    public void setReading(boolean on) {
        if (reading != on) {
            reading = on;
            channel().config().setAutoRead(on);
        }
    }

    @Override
    public void abort() {
        exchange = null;
        // a reset, because a FIN would pass for the end of a body without a length
        channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ChannelHandlerContext tls = channel().pipeline().context(SslHandler.class);
        if (tls != null) {
            // below TLS: a close_notify would pass for that end too
            tls.close();
        } else {
            channel().close();
        }
    }

    @Override
    public void onAnswered(boolean persistent) {
        exchange = null;
        progress = true;
        deadline = worker.nanoTime() + limits.idleNanos();
        if (persistent) {
            state = State.AWAITING;
            if (channel().isWritable()) {
                takePipelined();
            } else {
                setReading(false);
            }
        } else if (requestComplete) {
            linger();
        } else {
            state = State.DRAINING;
            drainEnd = worker.nanoTime() + limits.drainNanos();
            bytesSinceTick = 0;
            deadline = worker.nanoTime() + limits.drainCheckNanos();
            setReading(true);
        }
    }

    private void takePipelined() {
        ArrayDeque<Object> waiting = pipelined;
        if (waiting == null) {
            setReading(true);
            return;
        }
        pipelined = null;
        for (Object message = waiting.poll(); message != null; message = waiting.poll()) {
            take(message);
        }
        if (pipelined == null && state != State.LINGERING) {
            setReading(true);
        }
        if (exchange != null) {
            exchange.onRequestReadComplete();
        }
    }

    /** Sends our FIN after everything written, and waits a little for the client's: then nothing of the answer is lost. */
    private void linger() {
        state = State.LINGERING;
        deadline = worker.nanoTime() + limits.silenceNanos();
        setReading(true);
        unflushed = false;
        SslHandler tls = channel().pipeline().get(SslHandler.class);
        // shutting down drops what is still queued, so it has to wait for the last write
        ChannelFuture written = tls != null ? tls.closeOutbound() : channel().writeAndFlush(Unpooled.EMPTY_BUFFER);
        written.addListener(done -> {
            deadline = worker.nanoTime() + limits.lingerNanos();
            if (channel() instanceof SocketChannel socket) {
                var unused = socket.shutdownOutput();
            }
        });
    }

    @Override
    public String clientAddress() {
        return clientAddress;
    }

    @Override
    public InetAddress address() {
        return address;
    }

    @Override
    public boolean secure() {
        return secure;
    }

    // ---- time

    @Override
    public void onTick(long now) {
        switch (state) {
            case AWAITING, LINGERING -> closeUnlessSending(now);
            case EXCHANGING -> {
                boolean waitsForClient =
                        (!requestComplete && reading) || !channel().isWritable();
                if (progress || !waitsForClient) {
                    progress = false;
                    deadline = now + limits.silenceNanos();
                } else {
                    closeIf(now - deadline >= 0);
                }
            }
            case DRAINING -> {
                if (now - drainEnd >= 0) {
                    channel().close();
                } else if (now - deadline >= 0) {
                    closeIf(bytesSinceTick < limits.drainBytesPerCheck());
                    bytesSinceTick = 0;
                    deadline = now + limits.drainCheckNanos();
                }
            }
        }
    }

    /** Closes at the deadline, which moves as long as the client takes what is queued; what it did not take is not ended cleanly. */
    private void closeUnlessSending(long now) {
        ChannelOutboundBuffer queue = channel().unsafe().outboundBuffer();
        long left = queue == null ? 0 : queue.totalPendingWriteBytes() - queue.currentProgress();
        if (left > 0 && left != lastLeft) {
            deadline = now + limits.silenceNanos();
        }
        lastLeft = left;
        if (now - deadline >= 0) {
            if (left > 0) {
                abort();
            } else {
                channel().close();
            }
        }
    }

    private void closeIf(boolean due) {
        if (due) {
            channel().close();
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
