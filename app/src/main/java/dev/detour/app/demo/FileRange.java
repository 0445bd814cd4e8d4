package dev.detour.app.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a {@code Range} header asks for (RFC 9110 section 14).
 *
 * @param first the offset of its first byte
 * @param end the offset after its last byte
 */
record FileRange(int first, int end) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,9})-(\\d{0,9})");

    /** Whether this header is one range, the only kind that is honoured; others are ignored as the RFC allows. */
    static boolean isSingle(String header) {
        return SINGLE.matcher(header).matches() && !header.equals("bytes=-");
    }

    /** What a {@linkplain #isSingle single} range means for a file of this size; not {@link #satisfiable()} if it lies outside. */
    static FileRange of(String header, int size) {
        Matcher matcher = SINGLE.matcher(header);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("range: " + header + " (expected: bytes=FIRST-LAST)");
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            int suffix = Integer.parseInt(last);
            return new FileRange(Math.max(0, size - suffix), suffix == 0 ? 0 : size);
        }
        int from = Integer.parseInt(first);
        return new FileRange(from, last.isEmpty() ? size : Math.min(size, Integer.parseInt(last) + 1));
    }

    boolean satisfiable() {
        return first < end;
    }
}
