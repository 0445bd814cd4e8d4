package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/** What a request asks of a cache (RFC 9111 5.2.1, where it is advice). */
public final class RequestDirectives {
    private static final RequestDirectives NONE = new RequestDirectives(Directives.NONE, false, false);

    private final Directives directives;
    private final boolean obeyed;
    private final boolean pragma;

    private RequestDirectives(Directives directives, boolean obeyed, boolean pragma) {
        this.directives = directives;
        this.obeyed = obeyed;
        this.pragma = pragma;
    }

    /**
     * What a request asks for.
     *
     * @param obeyed whether it may ask for something fresher than the backend allows to be served
     */
    public static RequestDirectives of(HttpHeaders request, boolean obeyed) {
        boolean silent = !request.contains(HttpHeaderNames.CACHE_CONTROL);
        // RFC 9111 5.4: only where there is no Cache-Control
        boolean pragma = silent && request.containsValue(HttpHeaderNames.PRAGMA, "no-cache", true);
        if (silent && !pragma) {
            return NONE;
        }
        return new RequestDirectives(Directives.of(request.getAll(HttpHeaderNames.CACHE_CONTROL)), obeyed, pragma);
    }

    /** Whether the answer must not be kept. */
    public boolean noStore() {
        return directives.has("no-store");
    }

    /** Whether the backend must not be asked. */
    public boolean onlyIfCached() {
        return directives.has("only-if-cached");
    }

    /** Seconds past its freshness that an answer may have: 0 unless it says so, {@link Long#MAX_VALUE} for any number. */
    public long maxStale() {
        if (!directives.has("max-stale")) {
            return 0;
        }
        return directives.isBare("max-stale") ? Long.MAX_VALUE : directives.seconds("max-stale");
    }

    /**
     * Whether an answer is new enough for this client.
     *
     * @param age in seconds
     * @param freshFor seconds for which it stays fresh; negative if it has been stale for so long
     */
    public boolean allows(long age, long freshFor) {
        if (freshFor <= 0 && -freshFor > maxStale()) {
            return false;
        }
        if (!obeyed) {
            return true;
        }
        boolean tooOld = directives.has("max-age") && age > directives.seconds("max-age");
        boolean tooLittleLeft = directives.has("min-fresh") && freshFor < directives.seconds("min-fresh");
        return !tooOld && !tooLittleLeft && !directives.has("no-cache") && !pragma;
    }
}
