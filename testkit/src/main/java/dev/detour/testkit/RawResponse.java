package dev.detour.testkit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response as {@link RawClient} read it, and how it ended. */
public final class RawResponse {

    /** How reading a response ended. */
    public enum End {
        /** Complete by its own framing. */
        COMPLETE,
        /** FIN (with TLS: the end without close_notify) inside the head or the body. */
        TRUNCATED,
        /** RST inside the head or the body. */
        RESET,
        /** Nothing more within the time limit. */
        TIMED_OUT,
        /** FIN before the first byte of the head. */
        NO_ANSWER,
        /** Not HTTP. */
        MALFORMED
    }

    private final String statusLine;
    private final List<Header> headers;
    private final List<RawResponse> interim;
    private final byte[] body;
    private final long bodyLength;
    private final String sha256;
    private final End end;

    RawResponse(String statusLine, List<Header> headers, List<RawResponse> interim, BodyDigest body, End end) {
        this.statusLine = statusLine;
        this.headers = headers;
        this.interim = List.copyOf(interim);
        this.body = body.start();
        this.bodyLength = body.length();
        this.sha256 = body.sha256();
        this.end = end;
    }

    /** As on the wire; empty if none arrived. */
    public String statusLine() {
        return statusLine;
    }

    /** The status, or 0 if no status line arrived. */
    public int status() {
        return statusOf(statusLine);
    }

    static int statusOf(String statusLine) {
        return statusLine.matches("HTTP/\\d\\.\\d \\d{3}( .*)?") ? Integer.parseInt(statusLine.substring(9, 12)) : 0;
    }

    /** The reason phrase; empty if there is none. */
    public String reason() {
        return statusLine.length() > 13 ? statusLine.substring(13) : "";
    }

    /** In the order sent. */
    public List<Header> headers() {
        return headers;
    }

    /** The first value of a header, or null if it was not sent. */
    public @Nullable String header(String name) {
        List<String> values = headerValues(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of a header in the order sent. */
    public List<String> headerValues(String name) {
        return Header.values(headers, name);
    }

    /** The 1xx responses that came first. */
    public List<RawResponse> interim() {
        return interim;
    }

    /** The body without its framing; only the first {@value RawClient#KEPT_BODY} bytes. */
    public byte[] body() {
        return body.clone();
    }

    /** {@link #body()} read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Bytes of body received, without framing. */
    public long bodyLength() {
        return bodyLength;
    }

    /** SHA-256 of the whole body in hex. */
    public String sha256() {
        return sha256;
    }

    /** How it ended. */
    public End end() {
        return end;
    }

    /** Whether it was complete by its own framing. */
    public boolean complete() {
        return end == End.COMPLETE;
    }

    @Override
    public String toString() {
        return statusLine + " " + headers + " body=" + bodyLength + " end=" + end;
    }
}
