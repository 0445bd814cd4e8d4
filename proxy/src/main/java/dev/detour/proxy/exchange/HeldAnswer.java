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
 * A backend's answer kept back until its body is complete, so that a body that breaks midway can still be answered from
 * elsewhere. It owns the pieces.
 */
final class HeldAnswer {
    private final HttpResponse head;
    private final List<HttpContent> pieces = new ArrayList<>(4);

    HeldAnswer(HttpResponse head) {
        this.head = head;
    }

    /** Whether an answer to a GET is held: only one with a known length, so that the memory it takes is known beforehand. */
    static boolean worthHolding(HttpResponse head, long holdUpTo) {
        long length = HttpUtil.getContentLength(head, -1L);
        return length > 0 && length <= holdUpTo;
    }

    HttpResponse head() {
        return head;
    }

    /** Keeps a piece; returns whether it was the last. */
    boolean add(HttpContent piece) {
        pieces.add(piece);
        return piece instanceof LastHttpContent;
    }

    /** Hands the body over, with its ownership, if it came in one piece; otherwise null. */
    @Nullable LastHttpContent releaseWhole() {
        return pieces.size() == 1 && pieces.get(0) instanceof LastHttpContent whole ? takeOnly(whole) : null;
    }

    private LastHttpContent takeOnly(LastHttpContent whole) {
        pieces.clear();
        return whole;
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
