package dev.detour.mirror.answer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that a client wants (RFC 9110, 14).
 *
 * @param length 0 if the file has no such part
 */
record ByteRange(long offset, long length) {
    private static final Pattern SINGLE =
            Pattern.compile("\\s*bytes\\s*=\\s*([0-9]*)\\s*-\\s*([0-9]*)\\s*", Pattern.CASE_INSENSITIVE);
    private static final int SAFE_DIGITS = 18;

    boolean unsatisfiable() {
        return length == 0;
    }

    /** Reads a Range header; null means the whole file: several ranges, another unit or nonsense may be ignored, and are. */
    static @Nullable ByteRange parse(String header, long size) {
        Matcher single = SINGLE.matcher(header);
        if (!single.matches() || (single.group(1).isEmpty() && single.group(2).isEmpty())) {
            return null;
        }
        if (single.group(1).isEmpty()) {
            return last(number(single.group(2)), size);
        }
        long first = number(single.group(1));
        long last = single.group(2).isEmpty() ? Long.MAX_VALUE : number(single.group(2));
        if (last < first) {
            return null;
        }
        return first >= size ? new ByteRange(0, 0) : new ByteRange(first, Math.min(last, size - 1) - first + 1);
    }

    private static @Nullable ByteRange last(long count, long size) {
        if (count > 0 && size == 0) {
            // all of an empty file, which Content-Range cannot say
            return null;
        }
        long length = Math.min(count, size);
        return new ByteRange(size - length, length);
    }

    private static long number(String digits) {
        return digits.length() > SAFE_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
