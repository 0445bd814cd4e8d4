package dev.detour.proxy.refuse;

import java.util.Map;

/** Flat JSON objects, written as text. */
final class JsonText {
    private JsonText() {}

    /** An object of strings and numbers, in the order of the map. */
    static String object(Map<String, ?> members) {
        StringBuilder json = new StringBuilder("{");
        members.forEach((name, value) -> {
            json.append(json.length() == 1 ? "" : ", ").append(string(name)).append(": ");
            json.append(value instanceof Number ? value.toString() : string(value.toString()));
        });
        return json.append('}').toString();
    }

    /** A string literal (RFC 8259, 7). */
    static String string(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) || c == 0x7f) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
