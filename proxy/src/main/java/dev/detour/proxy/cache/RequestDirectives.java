package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * What a request asks of a cache (RFC 9111 5.2.1).
 *
 * <p>A cache that does not obey its clients ignores what would make them cost the backend more ({@code max-age},
 * {@code min-fresh}, {@code no-cache}, {@code Pragma}); what makes it cheaper or is a matter of privacy always counts.
 */
public final class RequestDirectives {
    private static final RequestDirectives NOTHING = new RequestDirectives(Directives.NONE, false, false);

    private final boolean noStore;
    private final boolean onlyIfCached;
    private final boolean noCache;
    private final long maxAge;
    private final long minFresh;
    private final long maxStale;

    private RequestDirectives(Directives asked, boolean pragma, boolean obeyed) {
        noStore = asked.has("no-store");
        onlyIfCached = asked.has("only-if-cached");
        noCache = obeyed && (pragma || asked.has("no-cache"));
        maxAge = obeyed ? asked.seconds("max-age") : -1;
        minFresh = obeyed ? asked.seconds("min-fresh") : -1;
        maxStale = asked.isBare("max-stale") ? Long.MAX_VALUE : Math.max(0, asked.seconds("max-stale"));
    }

    /** Reads {@code Cache-Control}, or {@code Pragma} in a request without it (5.4). */
    public static RequestDirectives of(HttpHeaders request, boolean obeyed) {
        if (request.contains(HttpHeaderNames.CACHE_CONTROL)) {
            return new RequestDirectives(Directives.of(request.getAll(HttpHeaderNames.CACHE_CONTROL)), false, obeyed);
        }
        boolean pragma = obeyed
                && request.contains(HttpHeaderNames.PRAGMA)
                && Directives.of(request.getAll(HttpHeaderNames.PRAGMA)).has("no-cache");
        return pragma ? new RequestDirectives(Directives.NONE, true, true) : NOTHING;
    }

    /** Whether neither the request nor its answer may be kept. */
    public boolean noStore() {
        return noStore;
    }

    /** Whether the client wants 504 rather than a forwarded request. */
    public boolean onlyIfCached() {
        return onlyIfCached;
    }

    /** For how many seconds the client takes a stale answer: 0 if it says nothing, {@link Long#MAX_VALUE} for any. */
    public long maxStale() {
        return maxStale;
    }

    /**
     * Whether a stored answer satisfies the client without asking the backend.
     *
     * @param ageSeconds its current age
     * @param freshForSeconds for how much longer it is fresh; stale at 0 (RFC 9111 4.2), and stale since if negative
     */
    public boolean allows(long ageSeconds, long freshForSeconds) {
        if (noCache || (maxAge >= 0 && ageSeconds > maxAge) || (minFresh > 0 && freshForSeconds < minFresh)) {
            return false;
        }
        return freshForSeconds > 0 || (maxStale > 0 && freshForSeconds >= -maxStale);
    }
}
