package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a stored body that a client asks for (RFC 9110 14.2).
 *
 * @param first offset of the first byte
 * @param length bytes, at least one
 */
public record ByteRange(long first, long length) {
    /** The answer is 416: no byte of the body is in the range. */
    public static final ByteRange UNSATISFIABLE = new ByteRange(-1, 0);

    private static final String UNIT = "bytes=";
    private static final int MOST_DIGITS = 18;

    /**
     * The range, {@link #UNSATISFIABLE}, or null if the whole is to be sent: where there is no range, several, one that is
     * malformed or in another unit, or one that is meant for another content than the stored one (If-Range).
     *
     * @param total bytes of the body
     * @param stored headers of the stored answer
     */
    public static @Nullable ByteRange of(HttpHeaders request, long total, HttpHeaders stored) {
        List<String> lines = request.getAll(HttpHeaderNames.RANGE);
        if (lines.size() != 1 || total < 0 || !applies(request.getAll(HttpHeaderNames.IF_RANGE), stored)) {
            return null;
        }
        String range = lines.get(0).strip();
        int dash = range.indexOf('-');
        if (dash < 0 || !range.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        String first = range.substring(UNIT.length(), dash).strip();
        String last = range.substring(dash + 1).strip();
        return first.isEmpty() ? suffix(last, total) : between(first, last, total);
    }

    private static @Nullable ByteRange between(String firstText, String lastText, long total) {
        long first = number(firstText);
        long last = lastText.isEmpty() ? Long.MAX_VALUE : number(lastText);
        if (first < 0 || last < first) {
            return null;
        }
        return first >= total ? UNSATISFIABLE : new ByteRange(first, Math.min(last, total - 1) - first + 1);
    }

    private static @Nullable ByteRange suffix(String text, long total) {
        long length = number(text);
        if (length <= 0) {
            return length < 0 ? null : UNSATISFIABLE;
        }
        // of nothing, the last bytes are nothing: satisfiable (14.1.2), but there is no way to say so but the whole
        return total == 0 ? null : new ByteRange(Math.max(0, total - length), Math.min(length, total));
    }

    /** A number of bytes, -1 for what is none. More digits than any body has bytes are as good as the largest number. */
    private static long number(String digits) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** Strong comparison of a tag, exact comparison of a date that is as good as one (13.1.5). */
    private static boolean applies(List<String> conditions, HttpHeaders stored) {
        if (conditions.isEmpty()) {
            return true;
        }
        String condition = conditions.get(0).strip();
        if (conditions.size() > 1) {
            return false;
        }
        return condition.startsWith("\"")
                ? condition.equals(stored.get(HttpHeaderNames.ETAG))
                : condition.equals(stored.get(HttpHeaderNames.LAST_MODIFIED)) && isStrong(condition, stored);
    }

    /** What was changed in the second it was sent in may have been changed once more in that second (8.8.2.2). */
    private static boolean isStrong(String lastModified, HttpHeaders stored) {
        Instant changed = HttpDates.parse(lastModified);
        Instant sent = HttpDates.parse(stored.get(HttpHeaderNames.DATE));
        return changed != null && sent != null && changed.isBefore(sent);
    }
}
