package dev.detour.proxy.route;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A query parameter that must be there, perhaps with a value; names and values are compared percent-decoded. */
final class QueryCondition {
    private final byte[] name;
    private final byte @Nullable [] value;

    private QueryCondition(byte[] name, byte @Nullable [] value) {
        this.name = name;
        this.value = value;
    }

    /** A condition in the notation of the configuration: the value {@code *} stands for any. */
    static QueryCondition of(String name, String value) {
        return new QueryCondition(
                name.getBytes(StandardCharsets.UTF_8),
                value.equals("*") ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a parameter after the {@code ?} at {@code pathEnd} is the one wanted; the first of a name is no better than others. */
    boolean holds(String target, int pathEnd) {
        int start = pathEnd + 1;
        while (start < target.length()) {
            int ampersand = target.indexOf('&', start);
            int end = ampersand < 0 ? target.length() : ampersand;
            if (isWanted(target, start, end)) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private boolean isWanted(String target, int start, int end) {
        int sign = target.indexOf('=', start);
        int nameEnd = sign < 0 || sign > end ? end : sign;
        return decodesTo(name, target, start, nameEnd)
                && (value == null || decodesTo(value, target, Math.min(nameEnd + 1, end), end));
    }

    private static boolean decodesTo(byte[] expected, String text, int from, int to) {
        int matched = 0;
        for (int i = from; i < to; i++) {
            int octet = Percent.octet(text, i, to);
            if (octet < 0) {
                octet = text.charAt(i) == '+' ? ' ' : text.charAt(i);
            } else {
                i += 2;
            }
            if (matched == expected.length || (expected[matched] & 0xff) != octet) {
                return false;
            }
            matched++;
        }
        return matched == expected.length;
    }
}
