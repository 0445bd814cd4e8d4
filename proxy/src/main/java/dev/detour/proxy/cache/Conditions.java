package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's preconditions against a stored answer (RFC 9110 13, RFC 9111 4.3.2). */
public final class Conditions {
    private static final int NOT_MODIFIED = 304;

    private Conditions() {}

    /** Whether there are any, those that only a backend can decide (If-Match, If-Unmodified-Since) included. */
    public static boolean isConditional(HttpHeaders request) {
        return request.contains(HttpHeaderNames.IF_NONE_MATCH)
                || request.contains(HttpHeaderNames.IF_MODIFIED_SINCE)
                || request.contains(HttpHeaderNames.IF_MATCH)
                || request.contains(HttpHeaderNames.IF_UNMODIFIED_SINCE);
    }

    /**
     * 304 if the client has the stored answer already, else {@code status}. Only success can be "not modified" (13.2.1).
     * If-None-Match decides wherever it is sent, whatever it says; If-Modified-Since only without it (13.2.2). An answer that
     * does not say when it was changed counts as changed when it was made (RFC 9111 4.3.2).
     *
     * @param stored headers of the stored answer
     */
    public static int statusFor(HttpHeaders request, int status, HttpHeaders stored) {
        if (status < 200 || status > 299) {
            return status;
        }
        if (request.contains(HttpHeaderNames.IF_NONE_MATCH)) {
            String etag = stored.get(HttpHeaderNames.ETAG);
            return isNamed(request.getAll(HttpHeaderNames.IF_NONE_MATCH), etag) ? NOT_MODIFIED : status;
        }
        String since = request.get(HttpHeaderNames.IF_MODIFIED_SINCE);
        if (since == null) {
            return status;
        }
        String modified = stored.get(HttpHeaderNames.LAST_MODIFIED);
        String changed = modified != null ? modified : stored.get(HttpHeaderNames.DATE);
        return changed != null && isUnmodified(since, changed) ? NOT_MODIFIED : status;
    }

    private static boolean isUnmodified(String since, String lastModified) {
        Instant asked = HttpDates.parse(since);
        if (asked == null || since.equals(lastModified)) {
            return asked != null;
        }
        Instant changed = HttpDates.parse(lastModified);
        return changed != null && !changed.isAfter(asked);
    }

    private static boolean isNamed(List<String> lines, @Nullable String etag) {
        for (String line : lines) {
            if (line.strip().equals("*") || (etag != null && isListed(line, opaque(etag.strip())))) {
                return true;
            }
        }
        return false;
    }

    /** Weak comparison (RFC 9110 8.8.3.2) with each tag of a list; tags may hold commas. */
    private static boolean isListed(String line, String opaque) {
        int start = line.indexOf('"');
        while (start >= 0) {
            int end = line.indexOf('"', start + 1);
            if (end < 0) {
                return false;
            }
            if (end + 1 - start == opaque.length() && line.startsWith(opaque, start)) {
                return true;
            }
            start = line.indexOf('"', end + 1);
        }
        return false;
    }

    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}
