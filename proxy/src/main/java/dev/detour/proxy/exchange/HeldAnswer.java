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
 * A backend's answer kept back until there is enough of it: all, so that a body that breaks midway can still be answered from
 * elsewhere, or the first byte, where there must be one. It owns the pieces.
 */
final class HeldAnswer {
    private final HttpResponse head;
    private final boolean whole;
    private final List<HttpContent> pieces = new ArrayList<>(4);
    private boolean hasBytes;

    private HeldAnswer(HttpResponse head, boolean whole) {
        this.head = head;
        this.whole = whole;
    }

    static HeldAnswer untilComplete(HttpResponse head) {
        return new HeldAnswer(head, true);
    }

    static HeldAnswer untilFirstByte(HttpResponse head) {
        return new HeldAnswer(head, false);
    }

    /** Whether an answer to a GET is held: only one with a known length, so that the memory it takes is known beforehand. */
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
        hasBytes |= piece.content().isReadable();
        return piece instanceof LastHttpContent || (hasBytes && !whole);
    }

    /** Whether it came to its end without the byte that was waited for. */
    boolean lacksBody() {
        return !whole && !hasBytes;
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
