package dev.detour.proxy.cache;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The headers of an answer that are kept (RFC 9111 3.1): not those of one connection, one client, or one moment. */
public final class StoredHeaders {
    private static final Set<String> OF_THE_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authentication-info",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** Ours to say, each time anew. */
    private static final Set<String> OURS = Set.of(
            "age",
            "content-length",
            "via",
            "cache-status",
            "detour-source",
            "detour-mode",
            "x-request-id",
            "set-cookie",
            "surrogate-control",
            "surrogate-key",
            "cdn-cache-control",
            "detour-cache-control");

    /** They describe the body that is kept, and a 304 has another. */
    private static final Set<String> OF_THE_BODY = Set.of("content-encoding", "content-type", "content-range");

    private StoredHeaders() {}

    /** What is kept of an answer's headers. */
    public static HttpHeaders toStore(HttpHeaders response) {
        HttpHeaders kept = new DefaultHttpHeaders();
        Set<String> named = namedByConnection(response);
        for (Map.Entry<String, String> field : response) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!OF_THE_CONNECTION.contains(name) && !OURS.contains(name) && !named.contains(name)) {
                kept.add(field.getKey(), field.getValue());
            }
        }
        return kept;
    }

    /** What was kept, with the fields that a 304 brought in the place of those of the same name (RFC 9111 3.2). */
    public static HttpHeaders updated(HttpHeaders stored, HttpHeaders notModified) {
        HttpHeaders updated = stored.copy();
        HttpHeaders brought = toStore(notModified);
        for (String name : brought.names()) {
            if (!OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                updated.set(name, brought.getAll(name));
            }
        }
        return updated;
    }

    private static Set<String> namedByConnection(HttpHeaders response) {
        Set<String> named = new HashSet<>();
        for (String line : response.getAll(HttpHeaderNames.CONNECTION)) {
            Lists.split(line, ',').forEach(name -> named.add(name.toLowerCase(Locale.ROOT)));
        }
        return named;
    }
}
