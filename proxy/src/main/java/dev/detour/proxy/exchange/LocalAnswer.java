package dev.detour.proxy.exchange;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.proxy.refuse.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An answer of our own making: a mirror's or a refusal. */
abstract class LocalAnswer {
    /** Writes the head and as much of the body as there is at hand. */
    abstract void begin();

    /** The client takes more. */
    void onWritable() {}

    /** More of it has come. */
    void onProgress() {}

    /** The exchange is over, finished or not. */
    void cancel() {}

    static LocalAnswer of(Exchange exchange, Worker worker, MirrorAnswer.Found found) {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(found.status()));
        found.headers().forEach(head.headers()::set);
        head.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        if (found.contentLength() >= 0) {
            head.headers().set(HttpHeaderNames.CONTENT_LENGTH, found.contentLength());
        }
        if (found.body() instanceof MirrorAnswer.Body.Bytes bytes) {
            return new InMemory(
                    exchange,
                    Source.MIRROR,
                    head,
                    Unpooled.wrappedBuffer(bytes.content().duplicate()));
        }
        if (found.body() instanceof MirrorAnswer.Body.FileRange range && range.length() > 0) {
            return new FilePump(exchange, worker, head, range);
        }
        return new InMemory(exchange, Source.MIRROR, head, null);
    }

    /** A refusal; {@code withBody} is false for HEAD. */
    static LocalAnswer of(Exchange exchange, Refusal refusal, boolean withBody) {
        HttpResponse head = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, new HttpResponseStatus(refusal.status(), refusal.reasonPhrase()));
        refusal.headers().forEach(head.headers()::set);
        head.headers().set(HttpHeaderNames.DATE, HttpDate.now());
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, ByteBufUtil.utf8Bytes(refusal.body()));
        ByteBuf body = withBody ? Unpooled.wrappedBuffer(refusal.body().getBytes(StandardCharsets.UTF_8)) : null;
        return new InMemory(exchange, Source.REFUSAL, head, body);
    }

    private static final class InMemory extends LocalAnswer {
        private final Exchange exchange;
        private final Source source;
        private final HttpResponse head;
        private final @Nullable ByteBuf body;

        InMemory(Exchange exchange, Source source, HttpResponse head, @Nullable ByteBuf body) {
            this.exchange = exchange;
            this.source = source;
            this.head = head;
            this.body = body;
        }

        @Override
        void begin() {
            exchange.writeLocalHead(source, head);
            exchange.writeContent(body == null ? LastHttpContent.EMPTY_LAST_CONTENT : new DefaultLastHttpContent(body));
        }
    }
}
