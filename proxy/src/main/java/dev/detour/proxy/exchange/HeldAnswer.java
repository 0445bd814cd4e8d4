package dev.detour.proxy.exchange;

import io.netty.handler.codec.http.HttpContent;
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

    /** An answer of a known length, held to its end. */
    static HeldAnswer untilComplete(HttpResponse head) {
        return new HeldAnswer(head, Long.MAX_VALUE, false);
    }

    /** An answer of unknown length that must have a body, held to its end or until there are more bytes than {@code upTo}. */
    static HeldAnswer untilSure(HttpResponse head, long upTo) {
        return new HeldAnswer(head, upTo, true);
    }

    /** Whether an answer to a GET is held to its end: only one with a known length that is small enough. */
    static boolean worthHolding(HttpResponse head, long holdUpTo) {
        long length = HttpUtil.getContentLength(head, -1L);
        return length > 0 && length <= holdUpTo;
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
