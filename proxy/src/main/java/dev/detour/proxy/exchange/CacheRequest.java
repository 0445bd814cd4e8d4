package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.proxy.cache.StoredAnswer;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request whose answer is for everybody: what only concerns the client that happens to be first is not in it. */
final class CacheRequest {
    /** Frameworks obey these, and no cache can know them all to be part of the address. */
    private static final AsciiString[] REWRITING = {
        AsciiString.cached("x-http-method-override"),
        AsciiString.cached("x-http-method"),
        AsciiString.cached("x-method-override"),
        AsciiString.cached("x-original-url"),
        AsciiString.cached("x-rewrite-url"),
        AsciiString.cached("x-original-uri"),
        AsciiString.cached("x-original-host"),
        AsciiString.cached("x-http-host-override"),
        AsciiString.cached("x-host"),
        AsciiString.cached("x-forwarded-server"),
        AsciiString.cached("x-forwarded-scheme"),
        AsciiString.cached("x-forwarded-protocol"),
        AsciiString.cached("x-forwarded-ssl"),
        AsciiString.cached("x-forwarded-path"),
        AsciiString.cached("x-forwarded-uri"),
        AsciiString.cached("x-url-scheme"),
        AsciiString.cached("front-end-https")
    };

    /** They speak of a body, and there is none; or of the one client that waits. */
    private static final AsciiString[] MEANINGLESS = {
        HttpHeaderNames.CONTENT_TYPE,
        HttpHeaderNames.CONTENT_ENCODING,
        HttpHeaderNames.CONTENT_LENGTH,
        HttpHeaderNames.TRAILER,
        HttpHeaderNames.EXPECT
    };

    /** Lists that backends negotiate by: not all of them read more than one line. */
    private static final AsciiString[] NEGOTIATING = {
        HttpHeaderNames.ACCEPT, HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderNames.ACCEPT_LANGUAGE
    };

    private static final AsciiString HTML = AsciiString.cached("text/html");
    private static final AsciiString SIMPLE_HTML = AsciiString.cached("application/vnd.pypi.simple.v1+html");

    private CacheRequest() {}

    /**
     * Changes a client's headers to those of a request on behalf of everybody.
     *
     * @param host by which the answer is found again; empty if there is none
     * @param stale what is kept already: the backend is asked whether it still holds
     */
    static void prepare(HttpHeaders headers, ApiClass api, String host, @Nullable StoredAnswer stale) {
        if (!host.isEmpty()) {
            headers.set(HttpHeaderNames.HOST, host);
        }
        removeUnderscored(headers);
        for (AsciiString name : NEGOTIATING) {
            List<String> lines = headers.getAll(name);
            if (lines.size() > 1) {
                headers.set(name, String.join(", ", lines));
            }
        }
        for (AsciiString name : MEANINGLESS) {
            headers.remove(name);
        }
        headers.remove(HttpHeaderNames.IF_NONE_MATCH);
        headers.remove(HttpHeaderNames.IF_MODIFIED_SINCE);
        headers.remove(HttpHeaderNames.IF_MATCH);
        headers.remove(HttpHeaderNames.IF_UNMODIFIED_SINCE);
        headers.remove(HttpHeaderNames.IF_RANGE);
        headers.remove(HttpHeaderNames.CACHE_CONTROL);
        headers.remove(HttpHeaderNames.PRAGMA);
        for (AsciiString name : REWRITING) {
            headers.remove(name);
        }
        if (api == ApiClass.SIMPLE || api == ApiClass.JSON || api == ApiClass.FILE) {
            // nobody is logged in there; a cookie could only make the answer somebody's own
            headers.remove(HttpHeaderNames.COOKIE);
        }
        if (stale != null && stale.etag() != null) {
            headers.set(HttpHeaderNames.IF_NONE_MATCH, stale.etag());
        }
        if (stale != null && stale.lastModified() != null) {
            headers.set(HttpHeaderNames.IF_MODIFIED_SINCE, stale.lastModified());
        }
    }

    /** Gateways take {@code X_Forwarded_Host} for {@code X-Forwarded-Host}: CGI variables have no hyphens. */
    private static void removeUnderscored(HttpHeaders headers) {
        for (String name : headers.names()) {
            if (name.indexOf('_') >= 0) {
                headers.remove(name);
            }
        }
    }

    /** Whether a page has the form that was negotiated; the two kinds of HTML are the same. */
    static boolean hasForm(HttpHeaders answered, String form) {
        String type = answered.get(HttpHeaderNames.CONTENT_TYPE);
        if (type == null) {
            return false;
        }
        return html(form) ? startsWith(type, HTML) || startsWith(type, SIMPLE_HTML) : startsWith(type, form);
    }

    private static boolean html(String form) {
        return HTML.contentEquals(form) || SIMPLE_HTML.contentEquals(form);
    }

    private static boolean startsWith(String type, CharSequence beginning) {
        return AsciiString.regionMatches(type, true, 0, beginning, 0, beginning.length());
    }

    /** What the backend would have answered in full where it said that nothing has changed. */
    static HttpResponse asWhole(int status, HttpHeaders updated, HttpHeaders targeted, HttpResponse notModified) {
        HttpHeaders headers = updated.copy();
        headers.add(targeted);
        headers.set(HttpHeaderNames.AGE, notModified.headers().getAll(HttpHeaderNames.AGE));
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), headers);
    }
}
