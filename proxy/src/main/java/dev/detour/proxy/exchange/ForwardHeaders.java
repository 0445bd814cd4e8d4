package dev.detour.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * What changes in the headers of a message that is passed on (RFC 9110 7.6). The decoded header object is changed in place:
 * rebuilding it would cost more than all of this.
 */
final class ForwardHeaders {
    static final AsciiString VIA_VALUE = AsciiString.cached("1.1 detour");
    static final AsciiString X_REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
    private static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
    private static final AsciiString X_FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
    private static final AsciiString X_FORWARDED_PREFIX = AsciiString.cached("x-forwarded-prefix");
    private static final AsciiString X_REAL_IP = AsciiString.cached("x-real-ip");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

    private ForwardHeaders() {}

    /**
     * Prepares a client's headers for the backend.
     *
     * @param ownHost what an HTTP/1.0 client without a Host header is taken to mean: HTTP/1.1 needs one
     */
    static void toBackend(HttpHeaders headers, Downstream client, CharSequence requestId, String ownHost) {
        stripConnectionNamed(headers);
        headers.remove(PROXY_CONNECTION);
        headers.remove(KEEP_ALIVE);
        headers.remove(HttpHeaderNames.UPGRADE);
        headers.remove(HTTP2_SETTINGS);
        headers.remove(HttpHeaderNames.PROXY_AUTHORIZATION);
        headers.remove(HttpHeaderNames.TE);
        // a front door believes no client about where it comes from
        headers.remove(FORWARDED);
        headers.remove(X_FORWARDED_PORT);
        headers.remove(X_FORWARDED_PREFIX);
        headers.remove(X_REAL_IP);
        headers.set(X_FORWARDED_FOR, client.clientAddress());
        headers.set(X_FORWARDED_PROTO, client.secure() ? "https" : "http");
        String host = headers.get(HttpHeaderNames.HOST);
        if (host != null) {
            headers.set(X_FORWARDED_HOST, host);
        } else {
            headers.remove(X_FORWARDED_HOST);
            headers.set(HttpHeaderNames.HOST, ownHost);
        }
        headers.set(X_REQUEST_ID, requestId);
        headers.add(HttpHeaderNames.VIA, VIA_VALUE);
    }

    /** Prepares a backend's headers for the client; {@code Transfer-Encoding} is left to the framing decision. */
    static void toClient(HttpHeaders headers) {
        stripConnectionNamed(headers);
        headers.remove(PROXY_CONNECTION);
        headers.remove(KEEP_ALIVE);
        headers.remove(HttpHeaderNames.UPGRADE);
        headers.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
        headers.add(HttpHeaderNames.VIA, VIA_VALUE);
    }

    /** Removes {@code Connection} and every header it names (RFC 9110 7.6.1); the framing headers cannot be named away. */
    static void stripConnectionNamed(HttpHeaders headers) {
        if (!headers.contains(HttpHeaderNames.CONNECTION)) {
            return;
        }
        List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
        headers.remove(HttpHeaderNames.CONNECTION);
        for (String value : values) {
            if (HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(value)
                    || HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(value)) {
                continue;
            }
            stripNamed(headers, value);
        }
    }

    private static void stripNamed(HttpHeaders headers, String value) {
        int start = 0;
        while (start <= value.length()) {
            int comma = value.indexOf(',', start);
            int end = comma < 0 ? value.length() : comma;
            String name = value.substring(start, end).trim();
            if (!name.isEmpty() && !protectedName(name)) {
                headers.remove(name);
            }
            start = end + 1;
        }
    }

    private static boolean protectedName(String name) {
        return HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.TRANSFER_ENCODING.contentEqualsIgnoreCase(name)
                || HttpHeaderNames.HOST.contentEqualsIgnoreCase(name);
    }
}
