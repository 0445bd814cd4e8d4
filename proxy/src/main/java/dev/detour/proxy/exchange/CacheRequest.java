package dev.detour.proxy.exchange;

import dev.detour.config.ApiClass;
import dev.detour.proxy.cache.ResponseCache;
import dev.detour.proxy.cache.StoredAnswer;
import dev.detour.proxy.cache.VariantKey;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
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
        AsciiString.cached("x-forwarded-server"),
        AsciiString.cached("x-forwarded-scheme"),
        AsciiString.cached("x-host")
    };

    private static final AsciiString HTML = AsciiString.cached("text/html");
    private static final AsciiString SIMPLE_HTML = AsciiString.cached("application/vnd.pypi.simple.v1+html");

    private CacheRequest() {}

    /**
     * Changes a client's headers to those of a request on behalf of everybody.
     *
     * @param stale what is kept already: the backend is asked whether it still holds
     */
    static void prepare(HttpHeaders headers, ApiClass api, @Nullable StoredAnswer stale) {
        headers.remove(HttpHeaderNames.IF_NONE_MATCH);
        headers.remove(HttpHeaderNames.IF_MODIFIED_SINCE);
        headers.remove(HttpHeaderNames.IF_MATCH);
        headers.remove(HttpHeaderNames.IF_UNMODIFIED_SINCE);
        headers.remove(HttpHeaderNames.IF_RANGE);
        headers.remove(HttpHeaderNames.CACHE_CONTROL);
        headers.remove(HttpHeaderNames.PRAGMA);
        headers.remove(HttpHeaderNames.EXPECT);
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

    /**
     * The target to ask for: what is not part of the address does not reach the backend, which might put it into the page. A
     * form asked for in the query is asked for in {@code Accept} instead.
     */
    static String target(HttpHeaders headers, CacheUse use, ApiClass api) {
        String target = use.request().uri();
        int mark = target.indexOf('?');
        if (mark < 0 || ResponseCache.keepsQuery(api)) {
            return target;
        }
        String path = target.substring(0, mark);
        if (!use.form().isEmpty() && !use.form().equals(VariantKey.simpleForm(headers, path))) {
            headers.set(HttpHeaderNames.ACCEPT, use.form());
        }
        return path;
    }

    /** Whether a page has the form that was negotiated; the two kinds of HTML are the same. */
    static boolean hasForm(HttpResponse head, String form) {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE);
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
