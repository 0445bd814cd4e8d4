package dev.detour.proxy.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** The answer to a request that is not even routed: plain text, and the connection ends. */
final class Rejecting {
    private Rejecting() {}

    static void write(Channel channel, RequestGuard.Rejection rejection, CharSequence requestId) {
        byte[] text = (rejection.sentence() + "\n").getBytes(StandardCharsets.UTF_8);
        var response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(rejection.status()), Unpooled.wrappedBuffer(text));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, text.length)
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .set("detour-source", "refusal")
                .set("x-request-id", requestId)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.write(response, channel.voidPromise());
    }
}
