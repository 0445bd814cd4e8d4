package dev.detour.proxy.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that two HTTP parsers might read differently, before anything else sees them. What is ambiguous is
 * rejected, never cleaned (RFC 9112 2.2, 3.2, 6.1, 11.2). Netty's decoder lets all of these through.
 */
final class RequestGuard {
    /** An answer to a request that goes no further: a status and one sentence for the client. */
    record Rejection(int status, String sentence) {}

    private RequestGuard() {}

    /** Why {@code request} is rejected, or null if it may go on. */
    static @Nullable Rejection check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return new Rejection(505, "HTTP version " + version + " is not spoken here (expected: HTTP/1.1)");
        }
        if (HttpMethod.CONNECT.equals(request.method())) {
            return new Rejection(405, "CONNECT is not allowed: this is not a forward proxy");
        }
        Rejection rejection = checkTarget(request);
        if (rejection == null) {
            rejection = checkHost(request, version);
        }
        return rejection != null ? rejection : checkFraming(request.headers(), version);
    }

    private static Rejection undecodable(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Rejection(414, "the request line is too long");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Rejection(431, "the request headers are too large");
        }
        return new Rejection(400, "this is not a well-formed HTTP/1.1 request");
    }

    private static @Nullable Rejection checkTarget(HttpRequest request) {
        String target = request.uri();
        if (target.equals("*") && HttpMethod.OPTIONS.equals(request.method())) {
            return null;
        }
        if (target.isEmpty() || target.charAt(0) != '/') {
            return new Rejection(400, "the request target must be a path");
        }
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return new Rejection(400, "the request target has a character that must be percent-encoded");
            }
        }
        return hasDotSegment(target) ? new Rejection(400, "the request target has a dot segment") : null;
    }

    /** Whether the path has a segment {@code .} or {@code ..}, percent-encoded or not. */
    static boolean hasDotSegment(String target) {
        int dots = 0;
        boolean onlyDots = true;
        for (int i = 1; i <= target.length(); i++) {
            char c = i < target.length() ? target.charAt(i) : '?';
            if (c == '/' || c == '?') {
                if (onlyDots && (dots == 1 || dots == 2)) {
                    return true;
                }
                if (c == '?') {
                    return false;
                }
                dots = 0;
                onlyDots = true;
            } else if (c == '.') {
                dots++;
            } else if (c == '%' && target.regionMatches(true, i, "%2e", 0, 3)) {
                dots++;
                i += 2;
            } else {
                onlyDots = false;
            }
        }
        return false;
    }

    private static @Nullable Rejection checkHost(HttpRequest request, HttpVersion version) {
        Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return version.equals(HttpVersion.HTTP_1_0) ? null : new Rejection(400, "the Host header is missing");
        }
        String host = hosts.next();
        if (hosts.hasNext()) {
            return new Rejection(400, "there is more than one Host header");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7f || "/?#@,\\".indexOf(c) >= 0) {
                return new Rejection(400, "the Host header is not a host");
            }
        }
        return null;
    }

    private static @Nullable Rejection checkFraming(HttpHeaders headers, HttpVersion version) {
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return null;
        }
        if (hasLength) {
            return new Rejection(400, "both Content-Length and Transfer-Encoding are present");
        }
        if (version.equals(HttpVersion.HTTP_1_0)) {
            return new Rejection(400, "HTTP/1.0 has no Transfer-Encoding");
        }
        Iterator<String> codings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        String coding = codings.next();
        if (codings.hasNext() || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding)) {
            return new Rejection(400, "Transfer-Encoding is not exactly \"chunked\"");
        }
        return null;
    }
}
