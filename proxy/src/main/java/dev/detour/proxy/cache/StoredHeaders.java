package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header fields kept with an answer (RFC 9111 3.1 and 3.2). */
public final class StoredHeaders {
    private static final List<String> PREFIXES = List.of("proxy-", "detour-");
    private static final Set<String> NOT_STORED = Set.of(
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "age",
            "content-length",
            "x-request-id",
            "set-cookie");

    /** They describe the stored body, which a 304 does not bring anew. */
    private static final Set<String> OF_THE_BODY = Set.of("content-encoding", "content-type", "content-range");

    private StoredHeaders() {}

    /** A copy without what belongs to one connection or one answer only. */
    public static HttpHeaders toStore(HttpHeaders response) {
        HttpHeaders kept = response.copy();
        for (String line : response.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : line.split(",", -1)) {
                if (!name.isBlank()) {
                    kept.remove(name.strip());
                }
            }
        }
        for (String name : response.names()) {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (NOT_STORED.contains(lowerCase) || PREFIXES.stream().anyMatch(lowerCase::startsWith)) {
                kept.remove(name);
            }
        }
        StorePolicy.strip(kept);
        return kept;
    }

    /** Whether an answer says when it was made: {@code Date} is there, and is one. */
    public static boolean isDated(HttpHeaders response) {
        return HttpDates.parse(response.get(HttpHeaderNames.DATE)) != null;
    }

    /**
     * Stored headers after a 304: each field it carries replaces the stored one (3.2), but for those that describe the body.
     * The stored ETag stays, which a 304 can at most repeat in a weaker form.
     */
    public static HttpHeaders updated(HttpHeaders stored, HttpHeaders notModified) {
        HttpHeaders fresh = toStore(notModified);
        HttpHeaders updated = stored.copy();
        boolean tagged = stored.contains(HttpHeaderNames.ETAG);
        for (String name : fresh.names()) {
            boolean repeated = tagged && HttpHeaderNames.ETAG.contentEqualsIgnoreCase(name);
            if (!repeated && !OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
                updated.set(name, fresh.getAll(name));
            }
        }
        return updated;
    }
}
