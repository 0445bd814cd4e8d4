package dev.detour.testkit.load;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/** One kept connection of {@link LoadClient}: sends a request and compares what comes with what must come. */
final class LoadLink extends SimpleChannelInboundHandler<HttpObject> {
    private final LoadClient client;
    private @Nullable ChannelHandlerContext context;
    private @Nullable LoadRequest asked;
    private long since;
    private @Nullable HttpResponse head;
    private int received;
    private boolean right;

    LoadLink(LoadClient client) {
        this.client = client;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** @param dueNanos from when on its time counts */
    void ask(LoadRequest request, long dueNanos) {
        asked = request;
        since = dueNanos;
        head = null;
        received = 0;
        right = true;
        var message =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, request.path(), Unpooled.EMPTY_BUFFER);
        message.headers().set(HttpHeaderNames.HOST, "index.example.org").set(HttpHeaderNames.ACCEPT, request.accept());
        if (context != null) {
            context.writeAndFlush(message);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpResponse response) {
            head = response;
        }
        if (message instanceof HttpContent content && asked != null) {
            byte[] piece = ByteBufUtil.getBytes(content.content());
            right = right && asked.matches(received, piece);
            received += piece.length;
        }
        if (message instanceof LastHttpContent) {
            end(ctx);
        }
    }

    private void end(ChannelHandlerContext ctx) {
        LoadRequest request = asked;
        HttpResponse answer = head;
        if (request == null || answer == null) {
            client.wrong("an answer that nobody asked for: " + answer);
            ctx.close();
            return;
        }
        asked = null;
        if (answer.decoderResult().isFailure()
                || answer.status().code() != 200
                || !right
                || received != request.body().length
                || answer.headers().get("Detour-Source") == null) {
            client.wrong(describe(request, answer));
        }
        client.answered(sourceOf(answer), since);
        if (HttpUtil.isKeepAlive(answer)) {
            client.free(this);
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LoadRequest request = asked;
        HttpResponse answer = head;
        asked = null;
        if (request != null
                && answer != null
                && request.mayBreak()
                && right
                && answer.status().code() == 200) {
            client.broke(sourceOf(answer), since);
        } else if (request != null) {
            client.failed("the connection ended: " + describe(request, answer));
        }
        client.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // a reset; channelInactive says what it meant
        ctx.close();
    }

    private String describe(LoadRequest request, @Nullable HttpResponse answer) {
        String status = answer == null ? "no head" : answer.status() + " from " + sourceOf(answer);
        String body = right ? "" : ", not the bytes expected";
        return "%s as %s: %s, %d of %d bytes%s"
                .formatted(request.path(), request.accept(), status, received, request.body().length, body);
    }

    private static String sourceOf(HttpResponse answer) {
        return String.valueOf(answer.headers().get("Detour-Source"));
    }
}
