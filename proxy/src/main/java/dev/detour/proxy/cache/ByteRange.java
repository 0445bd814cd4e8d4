package dev.detour.proxy.cache;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a body that a client wants (RFC 9110 14).
 *
 * @param first its first byte
 * @param length its length, at least 1
 */
public record ByteRange(long first, long length) {
    /** No byte of the body is in the part that is wanted. */
    public static final ByteRange UNSATISFIABLE = new ByteRange(-1, 0);

    private static final Pattern SINGLE =
            Pattern.compile("\\s*bytes\\s*=\\s*(\\d{0,18})-(\\d{0,18})\\s*", Pattern.CASE_INSENSITIVE);

    /** The part of a body of {@code total} bytes, or null for all of it: several parts at a time are not served. */
    public static @Nullable ByteRange of(
            HttpHeaders request, long total, @Nullable String etag, @Nullable String lastModified) {
        List<String> lines = request.getAll(HttpHeaderNames.RANGE);
        if (lines.size() != 1 || !stillMeant(request.get(HttpHeaderNames.IF_RANGE), etag, lastModified)) {
            return null;
        }
        Matcher range = SINGLE.matcher(lines.get(0));
        if (!range.matches()) {
            return null;
        }
        String from = range.group(1);
        String to = range.group(2);
        if (from.isEmpty()) {
            return to.isEmpty() ? null : suffix(Long.parseLong(to), total);
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to);
        if (last < first) {
            return null;
        }
        return first >= total ? UNSATISFIABLE : new ByteRange(first, Math.min(last, total - 1) - first + 1);
    }

    private static ByteRange suffix(long length, long total) {
        long part = Math.min(length, total);
        return part == 0 ? UNSATISFIABLE : new ByteRange(total - part, part);
    }

    /** Whether the client has the beginning of this very body: strong comparison (RFC 9110 13.1.5). */
    private static boolean stillMeant(@Nullable String ifRange, @Nullable String etag, @Nullable String lastModified) {
        if (ifRange == null) {
            return true;
        }
        if (ifRange.endsWith("\"")) {
            return ifRange.equals(etag) && !ifRange.startsWith("W/");
        }
        Instant had = HttpInstant.of(ifRange);
        return had != null && had.equals(HttpInstant.of(lastModified));
    }
}
