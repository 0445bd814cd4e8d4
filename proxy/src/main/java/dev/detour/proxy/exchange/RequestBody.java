package dev.detour.proxy.exchange;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way to the backend. Pieces that arrive before there is a connection wait here, and the client
 * is not read meanwhile, so that they are never more than one read burst. It owns the pieces that wait.
 */
final class RequestBody {
    private final @Nullable Downstream client;
    private final boolean present;
    private @Nullable ArrayDeque<HttpContent> waiting;
    private boolean complete;
    private boolean passedOn;

    RequestBody(Downstream client, HttpRequest request) {
        this.client = client;
        this.present = HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0;
        this.complete = !present;
    }

    private RequestBody() {
        this.client = null;
        this.present = false;
        this.complete = true;
    }

    /** The body of a request of our own, which has none. */
    static RequestBody none() {
        return new RequestBody();
    }

    private void setReading(boolean on) {
        if (client != null) {
            client.setReading(on);
        }
    }

    /** Whether the request has a body at all. */
    boolean present() {
        return present;
    }

    /** Whether the client has sent all of it. */
    boolean complete() {
        return complete;
    }

    /** Whether any byte of it was passed on, and so is gone: it cannot be sent again. */
    boolean passedOn() {
        return passedOn;
    }

    /** A piece has arrived that nobody wants any more; takes ownership. */
    void arrivedUnwanted(HttpContent piece) {
        complete |= piece instanceof LastHttpContent;
        piece.release();
    }

    /**
     * A piece has arrived; takes ownership.
     *
     * @param attempt who wants it, or null if there is none yet
     */
    void arrived(HttpContent piece, @Nullable Attempt attempt) {
        complete |= piece instanceof LastHttpContent;
        if (!present) {
            piece.release();
        } else if (attempt != null && attempt.connected()) {
            passOn(attempt, piece);
            if (!complete && !attempt.isWritable()) {
                setReading(false);
            }
        } else {
            if (waiting == null) {
                waiting = new ArrayDeque<>();
            }
            waiting.add(piece);
            if (!complete) {
                setReading(false);
            }
        }
    }

    /** Sends everything that waits over a connection just made. */
    void sendTo(Attempt attempt) {
        ArrayDeque<HttpContent> pieces = waiting;
        waiting = null;
        if (pieces != null) {
            pieces.forEach(piece -> passOn(attempt, piece));
        }
        onWritabilityChanged(attempt.isWritable());
    }

    private void passOn(Attempt attempt, HttpContent piece) {
        passedOn |= piece.content().isReadable();
        attempt.write(piece);
    }

    /** The backend takes more, or no more for now. */
    void onWritabilityChanged(boolean writable) {
        if (!complete) {
            setReading(writable);
        }
    }

    /** Drops the pieces that wait. */
    void drop() {
        ArrayDeque<HttpContent> pieces = waiting;
        waiting = null;
        if (pieces != null) {
            pieces.forEach(HttpContent::release);
        }
    }
}
