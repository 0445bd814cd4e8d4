package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which answers may be given in a content coding that the backend did not choose (RFC 9110 7.7, 8.4 and 8.8.3). */
final class Compressible {
    /** Shorter bodies fit in one packet anyway. */
    static final int SHORTEST = 1_024;

    private static final Set<String> TEXTS =
            Set.of("application/json", "application/javascript", "application/xml", "application/x-javascript");
    private static final Set<String> STRUCTURES = Set.of("json", "html", "xml", "text");
    /** They speak of the body as it was sent (RFC 9530, RFC 9421): in another coding they would lie. */
    private static final List<String> SEALS = List.of(
            "content-encoding", "content-range", "content-digest", "repr-digest", "digest", "content-md5", "signature");

    private Compressible() {}

    static boolean is(int status, HttpHeaders headers) {
        return status == 200
                && SEALS.stream().noneMatch(headers::contains)
                && isText(headers.get(HttpHeaderNames.CONTENT_TYPE))
                && !Directives.of(headers.getAll(HttpHeaderNames.CACHE_CONTROL)).has("no-transform");
    }

    private static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        int plus = type.lastIndexOf('+');
        return type.startsWith("text/")
                || TEXTS.contains(type)
                || (plus >= 0 && STRUCTURES.contains(type.substring(plus + 1)));
    }

    /** The {@code Vary} of an answer that is given in several codings. */
    static String vary(HttpHeaders headers) {
        String said = String.join(", ", headers.getAll(HttpHeaderNames.VARY));
        for (String element : said.split(",", -1)) {
            if (HttpHeaderNames.ACCEPT_ENCODING.contentEqualsIgnoreCase(element.strip())) {
                return said;
            }
        }
        return said.isEmpty() ? "Accept-Encoding" : said + ", Accept-Encoding";
    }

    /** The tag of the same answer in another coding: equivalent, not identical (8.8.3.3), so it is weak. */
    static @Nullable String etag(@Nullable String etag) {
        return etag == null || etag.startsWith("W/") ? etag : "W/" + etag;
    }
}
