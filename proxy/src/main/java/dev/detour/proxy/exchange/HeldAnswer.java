package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend's answer kept back until there is enough of it, so that a body that breaks midway, or never begins, can still be
 * answered from elsewhere. It owns the pieces; they are never more than a known number of bytes and one piece.
 */
final class HeldAnswer {
    private final HttpResponse head;
    private final long enough;
    private final boolean bodyExpected;
    private final List<HttpContent> pieces = new ArrayList<>(4);
    private long bytes;

    private HeldAnswer(HttpResponse head, long enough, boolean bodyExpected) {
        this.head = head;
        this.enough = enough;
        this.bodyExpected = bodyExpected;
    }

    /**
     * Holds an answer to a GET whose length is known and at most {@code upTo} to its end; and one of unknown length that must
     * have a body to its end, or until there are more bytes than that. Null if this answer is not worth it.
     */
    static @Nullable HeldAnswer of(HttpResponse head, ApiClass api, HttpMethod method, long upTo) {
        if (!HttpMethod.GET.equals(method)) {
            return null;
        }
        long length = HttpUtil.getContentLength(head, -1L);
        if (length > 0 && length <= upTo) {
            return new HeldAnswer(head, Long.MAX_VALUE, false);
        }
        return length < 0 && AnswerCheck.mustHaveBody(head, api) ? new HeldAnswer(head, upTo, true) : null;
    }

    HttpResponse head() {
        return head;
    }

    /** Keeps a piece; returns whether there is enough. */
    boolean add(HttpContent piece) {
        pieces.add(piece);
        bytes += piece.content().readableBytes();
        return piece instanceof LastHttpContent || bytes > enough;
    }

    /** Whether it came to its end without the body that it must have. */
    boolean lacksBody() {
        return bodyExpected && bytes == 0;
    }

    /** Hands the body over, with its ownership, if it came in one piece; otherwise null. */
    @Nullable LastHttpContent releaseWhole() {
        return pieces.size() == 1 && pieces.get(0) instanceof LastHttpContent only ? takeOnly(only) : null;
    }

    private LastHttpContent takeOnly(LastHttpContent only) {
        pieces.clear();
        return only;
    }

    /** Hands every piece over, with its ownership. */
    void release(Consumer<HttpContent> to) {
        pieces.forEach(to);
        pieces.clear();
    }

    /** Drops every piece. */
    void drop() {
        release(HttpContent::release);
    }
}
