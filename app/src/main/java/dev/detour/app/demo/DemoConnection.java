package dev.detour.app.demo;

import static io.netty.handler.codec.http.HttpHeaderNames.CONTENT_LENGTH;
import static io.netty.handler.codec.http.HttpHeaderNames.DATE;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Clock;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the demo index: reads requests one after the other and answers each as its fault wants.
 *
 * <p>Expects an {@code HttpServerCodec} before it and nothing after. The fault is fixed
 * for the connection's life, since a change of fault closes every connection; all state is confined to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and there is nobody else to tell
final class DemoConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(DemoConnection.class);

    private final DemoFault fault;
    private final DemoRoutes routes;
    private final DemoWrites writes;
    private final DemoTraffic traffic;
    private final Clock clock;

    private HttpMethod method = HttpMethod.GET;
    private boolean keepAlive;
    private @Nullable DemoBody body;
    private @Nullable Future<?> drip;

    DemoConnection(DemoFault fault, DemoRoutes routes, DemoWrites writes, DemoTraffic traffic, Clock clock) {
        this.fault = fault;
        this.routes = routes;
        this.writes = writes;
        this.traffic = traffic;
        this.clock = clock;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest request) {
                onHead(ctx, request);
            }
            if (message instanceof HttpContent content) {
                onContent(ctx, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onHead(ChannelHandlerContext ctx, HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            method = HttpMethod.GET;
            keepAlive = false;
            body = null;
            send(ctx, DemoAnswer.text(HttpResponseStatus.BAD_REQUEST, "400 Bad Request"));
            return;
        }
        String path = new QueryStringDecoder(request.uri()).rawPath();
        traffic.request(new DemoRequest(request.method().name(), path));
        if (fault == DemoFault.RESET) {
            reset(ctx);
            return;
        }
        method = request.method();
        keepAlive = HttpUtil.isKeepAlive(request) && request.protocolVersion().isKeepAliveDefault();
        body = writes.bodyOf(method, path, request.headers())
                .orElseGet(() -> DemoBody.ignored(routes.answer(request.method(), request.uri(), request.headers())));
        if (HttpUtil.is100ContinueExpected(request) && fault != DemoFault.HANG) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void onContent(ChannelHandlerContext ctx, HttpContent content) {
        DemoBody current = body;
        if (current == null) {
            return; // what follows a request that was refused or reset
        }
        current.add(content.content());
        if (content instanceof LastHttpContent) {
            body = null;
            answer(ctx, current.finish());
        }
    }

    private void answer(ChannelHandlerContext ctx, DemoAnswer answer) {
        switch (fault) {
            case HANG -> LOG.debug("not answering");
            case SLOW -> sendSlowly(ctx, answer);
            case STATUS_500 -> send(ctx, internalError());
            case TRUNCATE -> sendHalf(ctx, answer);
            case NONE, TLS_EXPIRED, TLS_UNTRUSTED, REFUSE, RESET -> send(ctx, answer);
        }
    }

    private void send(ChannelHandlerContext ctx, DemoAnswer answer) {
        ctx.write(head(answer));
        finish(ctx, new DefaultLastHttpContent(Unpooled.wrappedBuffer(sentBody(answer))));
    }

    private void finish(ChannelHandlerContext ctx, LastHttpContent last) {
        ChannelFuture written = ctx.writeAndFlush(last);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void sendHalf(ChannelHandlerContext ctx, DemoAnswer answer) {
        byte[] whole = sentBody(answer);
        ctx.write(head(answer));
        ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(whole, 0, whole.length / 2)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void sendSlowly(ChannelHandlerContext ctx, DemoAnswer answer) {
        ctx.writeAndFlush(head(answer));
        drip(ctx, sentBody(answer), 0);
    }

    private void drip(ChannelHandlerContext ctx, byte[] whole, int sent) {
        if (sent == whole.length) {
            finish(ctx, LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        drip = ctx.executor()
                .schedule(
                        () -> {
                            ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(whole, sent, 1)));
                            drip(ctx, whole, sent + 1);
                        },
                        1,
                        TimeUnit.SECONDS);
    }

    /** Sends RST instead of FIN: with nothing to linger for, and past the TLS handler, which would say goodbye first. */
    private void reset(ChannelHandlerContext ctx) {
        body = null;
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ctx.pipeline().firstContext().close();
    }

    private HttpResponse head(DemoAnswer answer) {
        HttpResponse head = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, answer.status(), answer.headers().copy());
        head.headers().set(DATE, DateFormatter.format(Date.from(clock.instant())));
        HttpUtil.setKeepAlive(head, keepAlive);
        if (!answer.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
            head.headers().set(CONTENT_LENGTH, answer.body().length);
        }
        return head;
    }

    private byte[] sentBody(DemoAnswer answer) {
        return answer.hasBodyFor(method) ? answer.body() : new byte[0];
    }

    private static DemoAnswer internalError() {
        return DemoAnswer.html(HttpResponseStatus.INTERNAL_SERVER_ERROR, """
                <!DOCTYPE html>
                <html lang="en">
                <head><title>500 Internal Server Error</title></head>
                <body><h1>500 Internal Server Error</h1><p>The server has either erred or is incapable of performing the requested operation.</p></body>
                </html>
                """);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Future<?> running = drip;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // refused certificates and clients that give up are what the demo is about
        LOG.debug("demo index closes {}", ctx.channel(), cause);
        ctx.close();
    }
}
