package dev.detour.testkit.load;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One connection of {@link LoadIndex}. Requests have no bodies and are not pipelined: its peer is the proxy. */
final class LoadIndexConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final byte[] SORRY = "broken\n".getBytes(StandardCharsets.US_ASCII);

    private final LoadIndex index;

    LoadIndexConnection(LoadIndex index) {
        this.index = index;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest request) {
            LoadFault fault = index.begun();
            LoadPage page = index.page(request);
            switch (fault) {
                case NONE -> answer(ctx, 200, page.contentType(), page.body());
                case STATUS_502, STATUS_503 -> answer(ctx, fault.status(), "text/html", SORRY);
                case RESET -> reset(ctx);
                case HANG -> {
                    // until the peer goes away
                }
                case SLOW ->
                    ctx.executor()
                            .schedule(
                                    () -> answer(ctx, 200, page.contentType(), page.body()),
                                    index.slowness().toNanos(),
                                    TimeUnit.NANOSECONDS);
                case TRUNCATE -> truncate(ctx, page);
            }
        }
    }

    private void answer(ChannelHandlerContext ctx, int status, String contentType, byte[] body) {
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        ctx.writeAndFlush(response);
    }

    private void truncate(ChannelHandlerContext ctx, LoadPage page) {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
        ctx.write(head);
        ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(page.body(), 0, page.body().length / 2)))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private static void reset(ChannelHandlerContext ctx) {
        ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        // not through the pipeline: TLS would say goodbye first
        ctx.channel().unsafe().close(ctx.channel().voidPromise());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // the peer went away or refused the certificate: both are ordinary here
        ctx.close();
    }
}
