package dev.detour.proxy.cache;

import io.netty.util.AsciiString;
import java.util.Locale;

/** Values of {@code Cache-Status}: what the cache did with a request (RFC 9211). */
public final class CacheStatus {
    private CacheStatus() {}

    /** Why a request went to the backend (2.2), in the words of the header. */
    @SuppressWarnings("ImmutableEnumChecker") // an AsciiString only lacks the annotation
    public enum Forward {
        BYPASS,
        METHOD,
        URI_MISS,
        VARY_MISS,
        MISS,
        REQUEST,
        STALE,
        PARTIAL;

        private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
        private final AsciiString plain = AsciiString.cached(text(this, false, false, 0));
        private final AsciiString stored = AsciiString.cached(text(this, true, false, 0));
        private final AsciiString collapsed = AsciiString.cached(text(this, false, true, 0));
        private final AsciiString storedAndCollapsed = AsciiString.cached(text(this, true, true, 0));

        private AsciiString value(boolean isStored, boolean isCollapsed) {
            if (isCollapsed) {
                return isStored ? storedAndCollapsed : collapsed;
            }
            return isStored ? stored : plain;
        }
    }

    /** Served from the cache; {@code ttl} is how many seconds the answer stays fresh, negative if it is stale (2.4). */
    public static CharSequence hit(long ttl) {
        return new AsciiString("detour; hit; ttl=" + ttl);
    }

    /**
     * Sent on to the backend.
     *
     * @param stored whether its answer was kept (2.5)
     * @param collapsed whether the request shared another's (2.6)
     * @param forwardStatus what the backend answered, told if above 0 (2.3)
     */
    public static CharSequence forwarded(Forward why, boolean stored, boolean collapsed, int forwardStatus) {
        return forwardStatus > 0
                ? new AsciiString(text(why, stored, collapsed, forwardStatus))
                : why.value(stored, collapsed);
    }

    private static String text(Forward why, boolean stored, boolean collapsed, int status) {
        return "detour; fwd=" + why.word + (status > 0 ? "; fwd-status=" + status : "") + (stored ? "; stored" : "")
                + (collapsed ? "; collapsed" : "");
    }
}
