package dev.detour.mirror.publish;

import dev.detour.mirror.page.PageFormatException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Values of the two JSON documents of a publication, each of the one form it may have. */
final class Json {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private Json() {}

    static long number(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isIntegralNumber() || value.longValue() < 0) {
            throw wrong(key, value, "a number");
        }
        return value.longValue();
    }

    static String text(ObjectNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.isString()) {
            throw wrong(key, value, "text");
        }
        return value.stringValue();
    }

    static String sha256(ObjectNode json, String key) {
        String text = text(json, key);
        if (!SHA256.matcher(text).matches()) {
            throw wrong(key, json.get(key), "64 hexadecimal digits");
        }
        return text;
    }

    static Instant instant(ObjectNode json, String key) {
        try {
            return Instant.parse(text(json, key));
        } catch (DateTimeException e) {
            throw wrong(key, json.get(key), "a time such as 2026-01-02T03:04:05Z");
        }
    }

    static byte[] bytes(ObjectNode json, String key) {
        try {
            return Base64.getDecoder().decode(text(json, key));
        } catch (IllegalArgumentException e) {
            throw wrong(key, json.get(key), "Base64");
        }
    }

    /** Fails unless the document says that it is of this kind, in the form that is understood. */
    static void expect(ObjectNode json, String kind, long form) {
        if (!text(json, "kind").equals(kind)) {
            throw wrong("kind", json.get("kind"), kind);
        }
        if (number(json, "form") != form) {
            throw wrong("form", json.get("form"), Long.toString(form));
        }
    }

    private static PageFormatException wrong(String key, @Nullable JsonNode value, String expected) {
        String shown = String.valueOf(value);
        return new PageFormatException("'" + key + "' is " + shown.substring(0, Math.min(shown.length(), 80))
                + " (expected: " + expected + ")");
    }
}
