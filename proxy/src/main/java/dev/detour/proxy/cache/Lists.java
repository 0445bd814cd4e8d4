package dev.detour.proxy.cache;

import java.util.ArrayList;
import java.util.List;

/** Lists in field values (RFC 9110 5.6). */
final class Lists {
    private Lists() {}

    /** The elements between {@code separator}s outside of quotes, trimmed; empty ones are left out. */
    static List<String> split(String line, char separator) {
        List<String> elements = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i == line.length() ? separator : line.charAt(i);
            if (i < line.length() && c == '"') {
                quoted = !quoted;
            } else if (i < line.length() && quoted && c == '\\') {
                i++;
            } else if (i == line.length() || (c == separator && !quoted)) {
                String element =
                        line.substring(start, Math.min(i, line.length())).trim();
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                start = i + 1;
            }
        }
        return elements;
    }

    static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).trim() : value;
    }
}
