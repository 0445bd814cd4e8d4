package dev.detour.proxy.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The directives of {@code Cache-Control} and of fields like it (RFC 9111 5.2). */
final class Directives {
    static final Directives NONE = new Directives(Map.of());

    /** RFC 9111 1.2.2: what is larger counts as this. */
    private static final long MOST = 1L << 31;

    private final Map<String, String> values;

    private Directives(Map<String, String> values) {
        this.values = values;
    }

    /** What the lines of one field say together. Never fails: what cannot be read is ignored. */
    static Directives of(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            for (String element : Lists.split(line, ',')) {
                int equals = element.indexOf('=');
                String name = (equals < 0 ? element : element.substring(0, equals))
                        .trim()
                        .toLowerCase(Locale.ROOT);
                String value = equals < 0
                        ? ""
                        : Lists.unquoted(element.substring(equals + 1).trim());
                if (!name.isEmpty()) {
                    values.merge(name, value, Directives::stricter);
                }
            }
        }
        return new Directives(values);
    }

    /** Of two values the one that lets an answer live shorter; a sender that contradicts itself is not believed. */
    private static String stricter(String first, String second) {
        return number(first) <= number(second) ? first : second;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The number of seconds; -1 if the directive is absent, 0 if it makes no sense. */
    long seconds(String name) {
        String value = values.get(name);
        return value == null ? -1 : number(value);
    }

    /** Whether the directive is there and has a number. */
    boolean hasNumber(String name) {
        String value = values.get(name);
        return value != null && isNumber(value);
    }

    /** Whether the directive is there without a value. */
    boolean isBare(String name) {
        return "".equals(values.get(name));
    }

    private static long number(String value) {
        if (!isNumber(value)) {
            return 0;
        }
        return value.length() > 10 ? MOST : Math.min(MOST, Long.parseLong(value));
    }

    private static boolean isNumber(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
