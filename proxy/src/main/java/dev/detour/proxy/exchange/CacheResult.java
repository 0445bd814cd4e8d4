package dev.detour.proxy.exchange;

import java.util.Locale;

/** What the cache made of one request, for who counts. */
public enum CacheResult {
    /** Fresh, so the backend was not asked. */
    HIT,
    /** Given although it was stale: the backend had no answer, or is being asked meanwhile. */
    STALE,
    /** Fetched, and kept unless it was purged meanwhile. */
    MISS,
    /** What was kept still holds, the backend said. */
    REVALIDATED,
    /** Waited for what another request had fetched. */
    COLLAPSED,
    /** The answer, or the request, is for one client only. */
    PASS;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in metrics. */
    public String label() {
        return label;
    }
}
