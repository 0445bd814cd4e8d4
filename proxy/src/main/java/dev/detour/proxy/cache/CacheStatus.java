package dev.detour.proxy.cache;

import java.util.Locale;

/** What the cache did with a request, for those who look at its answer ({@code Cache-Status}, RFC 9211). */
public final class CacheStatus {
    /** Why the backend was asked (RFC 9211 2.2). */
    public enum Forward {
        BYPASS,
        METHOD,
        URI_MISS,
        VARY_MISS,
        MISS,
        REQUEST,
        STALE,
        PARTIAL;

        private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private CacheStatus() {}

    /** Answered out of the cache; {@code ttl} is negative for an answer that is stale. */
    public static CharSequence hit(long ttl) {
        return "detour; hit; ttl=" + ttl;
    }

    /** The backend was asked. */
    public static CharSequence forwarded(Forward why, boolean stored, boolean collapsed) {
        return "detour; fwd=" + why.label + (stored ? "; stored" : "") + (collapsed ? "; collapsed" : "");
    }
}
