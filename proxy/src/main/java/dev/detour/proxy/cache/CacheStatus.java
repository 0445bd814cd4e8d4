package dev.detour.proxy.cache;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Values of {@code Cache-Status}: what the cache did with a request (RFC 9211). */
public final class CacheStatus {
    private static final String HIT = "detour; hit; ttl=";

    /** For no status and each common one: neither stored nor collapsed, stored, collapsed, both. */
    private static final Map<Forward, List<AsciiString>> FORWARDED = forwarded();

    /** By their time to live, as far as most answers are fresh. */
    private static final AsciiString[] HITS = hits();

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
        return ttl >= 0 && ttl < HITS.length ? HITS[(int) ttl] : new AsciiString(HIT + ttl);
    }

    /** Neither sent on nor answered by the cache (2.8); {@code detail} says by whom: a token. */
    public static CharSequence neither(String detail) {
        return new AsciiString("detour; detail=" + detail);
    }

    /**
     * Sent on to the backend, which failed: served from the cache all the same.
     *
     * @param forwardStatus what the backend answered, told if above 0 (2.3)
     * @param ttl how many seconds the answer stays fresh, negative if it is stale (2.4)
     */
    public static CharSequence standIn(Forward why, int forwardStatus, long ttl) {
        return new AsciiString(text(why, false, false, forwardStatus) + "; ttl=" + ttl);
    }

    /**
     * Sent on to the backend.
     *
     * @param stored whether its answer was kept (2.5)
     * @param collapsed whether the request shared another's (2.6)
     * @param forwardStatus what the backend answered, told if above 0 (2.3)
     */
    public static CharSequence forwarded(Forward why, boolean stored, boolean collapsed, int forwardStatus) {
        int common = switch (forwardStatus) {
            case 0 -> 0;
            case 200 -> 1;
            case 304 -> 2;
            default -> -1;
        };
        if (common < 0) {
            return new AsciiString(text(why, stored, collapsed, forwardStatus));
        }
        return Objects.requireNonNull(FORWARDED.get(why)).get(4 * common + (stored ? 1 : 0) + (collapsed ? 2 : 0));
    }

    private static AsciiString[] hits() {
        AsciiString[] values = new AsciiString[601];
        Arrays.setAll(values, ttl -> AsciiString.cached(HIT + ttl));
        return values;
    }

    private static Map<Forward, List<AsciiString>> forwarded() {
        Map<Forward, List<AsciiString>> values = new EnumMap<>(Forward.class);
        for (Forward why : Forward.values()) {
            List<AsciiString> each = new ArrayList<>();
            for (int status : new int[] {0, 200, 304}) {
                each.add(AsciiString.cached(text(why, false, false, status)));
                each.add(AsciiString.cached(text(why, true, false, status)));
                each.add(AsciiString.cached(text(why, false, true, status)));
                each.add(AsciiString.cached(text(why, true, true, status)));
            }
            values.put(why, List.copyOf(each));
        }
        return values;
    }

    private static String text(Forward why, boolean stored, boolean collapsed, int status) {
        return "detour; fwd=" + why.word + (status > 0 ? "; fwd-status=" + status : "") + (stored ? "; stored" : "")
                + (collapsed ? "; collapsed" : "");
    }
}
