package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions of a client that may have an answer already (RFC 9110 13). */
public final class Conditions {
    private Conditions() {}

    /** 304 if the client has this answer, otherwise {@code status}. */
    public static int statusFor(HttpHeaders request, int status, @Nullable String etag, @Nullable String lastModified) {
        if (status != 200) {
            return status;
        }
        List<String> tags = request.getAll(HttpHeaderNames.IF_NONE_MATCH);
        if (!tags.isEmpty()) {
            return etag != null && named(tags, etag) ? 304 : status;
        }
        Instant known = HttpInstant.of(request.get(HttpHeaderNames.IF_MODIFIED_SINCE));
        Instant modified = HttpInstant.of(lastModified);
        return known != null && modified != null && !modified.isAfter(known) ? 304 : status;
    }

    private static boolean named(List<String> lines, String etag) {
        for (String line : lines) {
            for (String tag : Lists.split(line, ',')) {
                if (tag.equals("*") || opaque(tag).equals(opaque(etag))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Weak comparison (RFC 9110 8.8.3.2). */
    private static String opaque(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
