package dev.detour.proxy.cache;

import io.netty.util.AsciiString;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Values of {@code Cache-Status}: what the cache did with a request (RFC 9211). */
public final class CacheStatus {
    /** Without a status: neither stored nor collapsed, stored, collapsed, both. */
    private static final Map<Forward, List<AsciiString>> FORWARDED = forwarded();

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
                : known(why, stored, collapsed);
    }

    /**
     * Sent on to the backend in vain, and answered otherwise.
     *
     * @param forwardStatus what the backend answered, told if above 0
     */
    public static CharSequence failed(Forward why, int forwardStatus) {
        return forwarded(why, false, false, forwardStatus);
    }

    /** Sent on to the backend in vain, and answered with what was kept; {@code ttl} as in {@link #hit}. */
    public static CharSequence failed(Forward why, int forwardStatus, long ttl) {
        return new AsciiString(text(why, false, false, forwardStatus) + "; ttl=" + ttl);
    }

    /** Neither sent on nor answered by the cache (2.8); {@code detail} says by whom, or why not: a token. */
    public static CharSequence neither(String detail) {
        return new AsciiString("detour; detail=" + detail);
    }

    private static CharSequence known(Forward why, boolean stored, boolean collapsed) {
        return Objects.requireNonNull(FORWARDED.get(why)).get((stored ? 1 : 0) + (collapsed ? 2 : 0));
    }

    private static Map<Forward, List<AsciiString>> forwarded() {
        Map<Forward, List<AsciiString>> values = new EnumMap<>(Forward.class);
        for (Forward why : Forward.values()) {
            values.put(
                    why,
                    List.of(
                            AsciiString.cached(text(why, false, false, 0)),
                            AsciiString.cached(text(why, true, false, 0)),
                            AsciiString.cached(text(why, false, true, 0)),
                            AsciiString.cached(text(why, true, true, 0))));
        }
        return values;
    }

    private static String text(Forward why, boolean stored, boolean collapsed, int status) {
        return "detour; fwd=" + why.word + (status > 0 ? "; fwd-status=" + status : "") + (stored ? "; stored" : "")
                + (collapsed ? "; collapsed" : "");
    }
}
