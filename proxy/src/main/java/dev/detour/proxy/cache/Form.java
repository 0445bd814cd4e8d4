package dev.detour.proxy.cache;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A stored answer as one client gets it. It lives no longer than the answer.
 *
 * @param body what is sent
 * @param coding what it is coded by beyond what the backend did, or null for nothing
 * @param vary {@code Vary} if it is another than the stored one, or null
 * @param etag its tag, or null for none
 * @param better a coding that the client likes better and that has not been tried, or null
 */
public record Form(
        ByteBuf body,
        @Nullable CharSequence coding,
        @Nullable String vary,
        @Nullable String etag,
        @Nullable ContentCoding better) {
    private static final int NOT_MODIFIED = 304;

    /** As it came, for everybody. */
    static Form asItIs(StoredAnswer answer) {
        return new Form(answer.body(), null, null, answer.etag(), null);
    }

    /** As it came, though others may get it otherwise. */
    static Form oneOfSeveral(StoredAnswer answer) {
        return new Form(answer.body(), null, Compressible.vary(answer.headers()), answer.etag(), null);
    }

    /** As it came as long as nobody has tried to make it smaller. */
    Form until(ContentCoding tried) {
        return new Form(body, null, vary, etag, tried);
    }

    static Form coded(StoredAnswer answer, ContentCoding coding, ByteBuf body) {
        return new Form(
                body, coding.token(), Compressible.vary(answer.headers()), Compressible.etag(answer.etag()), null);
    }

    /** Whether it is worth to wait for another. */
    public boolean mayImprove() {
        return better != null;
    }

    /** Changes a copy of the answer's headers to those of this form; without a body, {@code status} is 304. */
    public void describe(HttpHeaders headers, int status) {
        if (vary != null) {
            headers.set(HttpHeaderNames.VARY, vary);
        }
        if (coding != null) {
            headers.remove(HttpHeaderNames.ACCEPT_RANGES);
            if (etag != null) {
                headers.set(HttpHeaderNames.ETAG, etag);
            }
            if (status != NOT_MODIFIED) {
                headers.set(HttpHeaderNames.CONTENT_ENCODING, coding);
            }
        }
    }
}
