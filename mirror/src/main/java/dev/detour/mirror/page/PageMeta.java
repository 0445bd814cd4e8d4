package dev.detour.mirror.page;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The checks and the {@code meta} object that project pages and the project list have in common. */
final class PageMeta {
    private static final int SHOWN = 60;

    private PageMeta() {}

    static ArrayNode array(ObjectNode root, String key) {
        if (root.get(key) instanceof ArrayNode array) {
            return array;
        }
        throw new PageFormatException("'" + key + "' is " + shown(root.get(key)) + " (expected: an array)");
    }

    static String text(ObjectNode object, String key, String where) {
        JsonNode value = object.get(key);
        if (value != null && value.isString() && !value.stringValue().isEmpty()) {
            return value.stringValue();
        }
        throw new PageFormatException("'" + key + "' of " + where + " is " + shown(value) + " (expected: text)");
    }

    static @Nullable String optionalText(ObjectNode object, String key) {
        JsonNode value = object.get(key);
        return value != null && value.isString() && !value.stringValue().isEmpty() ? value.stringValue() : null;
    }

    /** {@code meta.api-version}; 1.0 when the page has none, as the specification wants it read. */
    static String apiVersion(ObjectNode root) {
        String version = root.get("meta") instanceof ObjectNode meta ? optionalText(meta, "api-version") : null;
        if (version == null) {
            return "1.0";
        }
        if (!version.startsWith("1.")) {
            throw new PageFormatException("'meta.api-version' is " + version + " (expected: 1.x)");
        }
        return version;
    }

    static OptionalLong serial(ObjectNode root) {
        JsonNode serial = root.get("meta") instanceof ObjectNode meta ? meta.get("_last-serial") : null;
        return serial != null && serial.isIntegralNumber() ? OptionalLong.of(serial.longValue()) : OptionalLong.empty();
    }

    /** A value as a message shows it. */
    static String shown(@Nullable JsonNode value) {
        if (value == null) {
            return "missing";
        }
        StringBuilder text = new StringBuilder();
        CanonicalJson.append(value, text);
        return text.length() <= SHOWN ? text.toString() : text.substring(0, SHOWN) + "…";
    }
}
