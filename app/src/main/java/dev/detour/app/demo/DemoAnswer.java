package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * A complete answer of the demo index, before any fault spoils it.
 *
 * @param status the status
 * @param headers the headers but for {@code Content-Length}, {@code Date} and those of the connection
 * @param body the bytes of the body; for HEAD the connection sends their length alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record DemoAnswer(HttpResponseStatus status, HttpHeaders headers, byte[] body) {

    static DemoAnswer of(HttpResponseStatus status, CharSequence contentType, byte[] body) {
        HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        return new DemoAnswer(status, headers, body);
    }

    static DemoAnswer text(HttpResponseStatus status, String body) {
        return of(status, "text/plain; charset=UTF-8", body.getBytes(UTF_8));
    }

    static DemoAnswer html(HttpResponseStatus status, String body) {
        return of(status, "text/html; charset=UTF-8", body.getBytes(UTF_8));
    }

    /** The answer to a path that does not exist, in Warehouse's words. */
    static DemoAnswer notFound() {
        return text(HttpResponseStatus.NOT_FOUND, "404 Not Found").withCors();
    }

    static DemoAnswer movedPermanently(String path) {
        return text(HttpResponseStatus.MOVED_PERMANENTLY, "")
                .with(HttpHeaderNames.LOCATION, path)
                .withCors();
    }

    /** A refusal of the method, with those that are allowed (RFC 9110 section 15.5.6). */
    static DemoAnswer methodNotAllowed(String allowed) {
        return text(HttpResponseStatus.METHOD_NOT_ALLOWED, "405 Method Not Allowed")
                .with(HttpHeaderNames.ALLOW, allowed);
    }

    DemoAnswer with(CharSequence header, Object value) {
        return new DemoAnswer(status, headers.copy().set(header, value), body);
    }

    /** With the cross-origin headers that Warehouse puts on its API answers, errors included. */
    DemoAnswer withCors() {
        HttpHeaders all = headers.copy();
        all.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        all.set(
                HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since");
        all.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET");
        all.set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
        all.set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "X-PyPI-Last-Serial");
        return new DemoAnswer(status, all, body);
    }

    /** With an entity tag, or as 304 if the request shows that the client has these bytes (RFC 9110 section 13). */
    DemoAnswer revalidated(HttpHeaders request) {
        String tag = Digests.entityTag(body);
        String known = String.join(",", request.getAll(HttpHeaderNames.IF_NONE_MATCH));
        DemoAnswer tagged = with(HttpHeaderNames.ETAG, tag);
        boolean unchanged = known.strip().equals("*") || known.contains(tag);
        if (!unchanged) {
            return tagged;
        }
        HttpHeaders kept = tagged.headers.copy().remove(HttpHeaderNames.CONTENT_TYPE);
        return new DemoAnswer(HttpResponseStatus.NOT_MODIFIED, kept, new byte[0]);
    }

    /** Whether bytes follow the head when the request had this method. */
    boolean hasBodyFor(HttpMethod method) {
        return !method.equals(HttpMethod.HEAD) && body.length > 0;
    }
}
