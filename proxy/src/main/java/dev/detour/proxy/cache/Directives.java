package dev.detour.proxy.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The directives of a {@code Cache-Control}-like field (RFC 9111 5.2), all its lines together.
 *
 * <p>Any text is read: what is no directive is skipped, and what a directive says wrongly makes the answer stale rather than
 * fresh. {@code no-cache="field"} and {@code private="field"} are taken as the directive without names, which asks for more.
 */
final class Directives {
    static final Directives NONE = new Directives(Map.of());

    /** The largest number of seconds (RFC 9111 1.2.2). */
    static final long MOST_SECONDS = 1L << 31;

    /** Stands for a directive without a value. */
    static final long BARE = -2;

    /** Stands for a value that is no number of seconds, or for two that contradict each other in kind. */
    static final long INVALID = -3;

    private final Map<String, Long> values;

    /** Lower-case names with their seconds, {@link #BARE} or {@link #INVALID}. */
    Directives(Map<String, Long> values) {
        this.values = values;
    }

    static Directives of(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        Map<String, Long> values = new HashMap<>();
        for (String line : lines) {
            new Reader(line).readInto(values);
        }
        return values.isEmpty() ? NONE : new Directives(values);
    }

    boolean has(String lowerCaseName) {
        return values.containsKey(lowerCaseName);
    }

    /** Seconds: -1 if absent, 0 if there is no usable number, at most {@link #MOST_SECONDS}; of several the smallest. */
    long seconds(String lowerCaseName) {
        Long value = values.get(lowerCaseName);
        return value == null ? -1 : Math.max(0, value);
    }

    /** Whether it is there with a usable number. */
    boolean isNumber(String lowerCaseName) {
        Long value = values.get(lowerCaseName);
        return value != null && value >= 0;
    }

    /** Whether it is there without any value. */
    boolean isBare(String lowerCaseName) {
        Long value = values.get(lowerCaseName);
        return value != null && value == BARE;
    }

    private static Long merged(Long one, Long other) {
        if (one < 0 || other < 0) {
            return one.equals(other) ? one : Long.valueOf(INVALID);
        }
        return Math.min(one, other);
    }

    /** Decimal digits as a number, at most {@link #MOST_SECONDS}, or {@link #INVALID}. */
    static long deltaSeconds(CharSequence text) {
        if (text.isEmpty()) {
            return INVALID;
        }
        long seconds = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return INVALID;
            }
            seconds = Math.min(MOST_SECONDS, seconds * 10 + (c - '0'));
        }
        return seconds;
    }

    /** One line, read from left to right. */
    private static final class Reader {
        private final String line;
        private int at;

        Reader(String line) {
            this.line = line;
        }

        void readInto(Map<String, Long> values) {
            while (at < line.length()) {
                int start = at;
                while (at < line.length() && line.charAt(at) != ',' && line.charAt(at) != '=') {
                    at++;
                }
                String spelled = line.substring(start, at);
                String name = spelled.strip().toLowerCase(Locale.ROOT);
                long value = BARE;
                if (at < line.length() && line.charAt(at) == '=') {
                    at++;
                    value = value();
                    // "max-age =5" is not what the grammar has: nobody knows what was meant
                    boolean spaced = !spelled.isEmpty() && spelled.charAt(spelled.length() - 1) <= ' ';
                    value = spaced ? INVALID : value;
                }
                at++;
                if (!name.isEmpty()) {
                    values.merge(name, value, Directives::merged);
                }
            }
        }

        /** Leaves the place at the comma that ends the directive. */
        private long value() {
            if (at < line.length() && line.charAt(at) == '"') {
                return quoted();
            }
            int start = at;
            skipToComma();
            return deltaSeconds(line.substring(start, at).stripTrailing());
        }

        private long quoted() {
            StringBuilder text = new StringBuilder();
            at++;
            while (at < line.length() && line.charAt(at) != '"') {
                if (line.charAt(at) == '\\' && at + 1 < line.length()) {
                    at++;
                }
                text.append(line.charAt(at));
                at++;
            }
            boolean closed = at < line.length();
            int end = Math.min(line.length(), at + 1);
            at = end;
            skipToComma();
            return closed && line.substring(end, at).isBlank() ? deltaSeconds(text) : INVALID;
        }

        private void skipToComma() {
            while (at < line.length() && line.charAt(at) != ',') {
                at++;
            }
        }
    }
}
