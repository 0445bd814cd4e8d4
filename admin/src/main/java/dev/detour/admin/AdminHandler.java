package dev.detour.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operator's connection: gathers a request, has it answered off the event loop, writes the answer.
 *
 * <p>Expects decoded HTTP objects from a flow control handler, and a keep-alive handler between itself and the socket. Reading
 * stops while a request is being answered, so that requests sent ahead are answered in order.
 */
// A write or close that fails means that the operator is gone: there is nobody left to tell.
@SuppressWarnings("FutureReturnValueIgnored")
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger log = LoggerFactory.getLogger(AdminHandler.class);

    /** How much of a refused body is read and dropped, so that the refusal is not lost to a reset. */
    private static final long LONGEST_DRAIN = 8L * 1024 * 1024;

    private final Gate gate;
    private final Executor workers;
    private @Nullable HttpRequest head;
    private Gate.@Nullable Admitted admitted;
    private ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long drained;

    AdminHandler(Gate gate, Executor workers) {
        this.gate = gate;
        this.workers = workers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (message instanceof HttpRequest request) {
            begin(context, request);
        }
        if (message instanceof HttpContent content) {
            take(context, content);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest request) {
        head = request;
        admitted = null;
        body = new ByteArrayOutputStream();
        drained = 0;
        boolean expects = HttpUtil.is100ContinueExpected(request);
        try {
            admitted = gate.admit(request);
        } catch (ProblemException refused) {
            // Who waits for 100 may or may not send the body now: only a new connection is unambiguous.
            boolean close = expects || request.decoderResult().isFailure();
            answer(context, request, refused.response(), close);
            return;
        }
        if (expects) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private void take(ChannelHandlerContext context, HttpContent content) {
        HttpRequest request = head;
        Gate.Admitted asked = admitted;
        int size = content.content().readableBytes();
        if (request == null || asked == null) {
            drained += size;
            if (drained > LONGEST_DRAIN) {
                context.close();
            }
            return;
        }
        if (content.decoderResult().isFailure()) {
            admitted = null;
            answer(
                    context,
                    request,
                    ProblemException.of(400, "the body is not valid HTTP").response(),
                    true);
            return;
        }
        if (body.size() + size > asked.route().largestBody()) {
            admitted = null;
            answer(context, request, Gate.tooLarge(asked.route()).response(), false);
            return;
        }
        byte[] bytes = new byte[size];
        content.content().readBytes(bytes);
        body.writeBytes(bytes);
        if (content instanceof LastHttpContent) {
            admitted = null;
            dispatch(context, request, asked);
        }
    }

    private void dispatch(ChannelHandlerContext context, HttpRequest request, Gate.Admitted asked) {
        AdminRequest complete = new AdminRequest(
                request.method().name(),
                asked.path(),
                asked.variables(),
                asked.query(),
                request.headers(),
                body.toByteArray());
        context.channel().config().setAutoRead(false);
        try {
            workers.execute(() -> {
                AdminResponse response = run(asked.route(), complete);
                context.executor().execute(() -> resume(context, request, response));
            });
        } catch (RejectedExecutionException busy) {
            resume(
                    context,
                    request,
                    ProblemException.of(503, "too many requests at once").response());
        }
    }

    private void resume(ChannelHandlerContext context, HttpRequest request, AdminResponse response) {
        answer(context, request, response, false);
        context.channel().config().setAutoRead(true);
    }

    private static AdminResponse run(AdminRoute route, AdminRequest request) {
        try {
            return route.handler().handle(request);
        } catch (ProblemException problem) {
            return problem.response();
        } catch (Exception e) {
            log.error("{} {} failed", request.method(), request.path(), e);
            return ProblemException.of(500, "this is a fault of Detour; its log says more")
                    .response();
        }
    }

    private static void answer(
            ChannelHandlerContext context, HttpRequest request, AdminResponse response, boolean close) {
        byte[] bytes = response.body();
        boolean bodiless = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
        response.headers().forEach((name, value) -> message.headers().set(name, value));
        message.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set("X-Content-Type-Options", "nosniff");
        if (close) {
            message.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        context.writeAndFlush(message).addListener(close ? ChannelFutureListener.CLOSE : done -> {});
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.debug("closing an admin connection", cause);
        }
        context.close();
    }
}
