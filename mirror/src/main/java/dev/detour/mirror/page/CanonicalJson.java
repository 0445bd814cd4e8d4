package dev.detour.mirror.page;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/**
 * JSON in the one form the index writes: keys sorted by code point, no white space, non-ASCII characters as they are, a
 * final newline. Numbers keep their digits: what a reader of doubles would make of {@code 1.50} is not ours to say.
 */
public final class CanonicalJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    static final Comparator<String> CODE_POINTS = CanonicalJson::compareCodePoints;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** A number whose digits a Java number would not give back. */
    private record Digits(String text) {}

    private CanonicalJson() {}

    /**
     * Reads a JSON document.
     *
     * @throws PageFormatException if it is not one JSON value in UTF-8
     */
    public static JsonNode read(byte[] json) {
        try (JsonParser parser = MAPPER.createParser(json)) {
            parser.nextToken();
            JsonNode root = value(parser);
            if (parser.nextToken() != null) {
                throw new PageFormatException("more than one JSON value");
            }
            return root;
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
            throw new PageFormatException(
                    "not JSON: " + e.getOriginalMessage() + ", at byte " + at + " of " + json.length, e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @throws PageFormatException if it is anything else
     */
    public static ObjectNode readObject(byte[] json) {
        if (read(json) instanceof ObjectNode object) {
            return object;
        }
        throw new PageFormatException("the document is not an object (expected: {…})");
    }

    static JsonParser parser(byte[] json) {
        return MAPPER.createParser(json);
    }

    static JsonParser parser(InputStream json) {
        return MAPPER.createParser(json);
    }

    /** The value that the parser stands at the beginning of. */
    static JsonNode value(JsonParser parser) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new PageFormatException("not JSON: empty");
        }
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
            default -> throw new PageFormatException("not JSON: unexpected " + token);
        };
    }

    private static ObjectNode object(JsonParser parser) {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            object.set(key, value(parser));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static JsonNode number(JsonParser parser) {
        String text = parser.getString();
        // 18 digits fit a long; longer ones, fractions, exponents and -0 are kept as text
        boolean plain =
                parser.currentToken() == JsonToken.VALUE_NUMBER_INT && text.length() <= 18 && !text.equals("-0");
        return plain ? NODES.numberNode(Long.parseLong(text)) : new POJONode(new Digits(text));
    }

    /** Writes a document with its final newline. */
    public static byte[] write(JsonNode node) {
        StringBuilder out = new StringBuilder(1024);
        append(node, out);
        return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    static void append(JsonNode node, StringBuilder out) {
        if (node instanceof ObjectNode object) {
            appendObject(object, out);
        } else if (node instanceof ArrayNode array) {
            String separator = "[";
            for (JsonNode element : array) {
                append(element, out.append(separator));
                separator = ",";
            }
            out.append(array.isEmpty() ? "[]" : "]");
        } else if (node.isString()) {
            appendString(node.stringValue(), out);
        } else if (node instanceof POJONode pojo && pojo.getPojo() instanceof Digits digits) {
            out.append(digits.text());
        } else {
            out.append(node);
        }
    }

    private static void appendObject(ObjectNode object, StringBuilder out) {
        Collection<Map.Entry<String, JsonNode>> entries = object.properties();
        if (!ascending(entries)) {
            List<Map.Entry<String, JsonNode>> sorted = new ArrayList<>(entries);
            sorted.sort(Map.Entry.comparingByKey(CODE_POINTS));
            entries = sorted;
        }
        char separator = '{';
        for (Map.Entry<String, JsonNode> entry : entries) {
            appendString(entry.getKey(), out.append(separator));
            append(entry.getValue(), out.append(':'));
            separator = ',';
        }
        out.append(entries.isEmpty() ? "{}" : "}");
    }

    /** What came from the index is sorted already. */
    private static boolean ascending(Collection<Map.Entry<String, JsonNode>> entries) {
        String last = null;
        for (Map.Entry<String, JsonNode> entry : entries) {
            if (last != null && compareCodePoints(last, entry.getKey()) > 0) {
                return false;
            }
            last = entry.getKey();
        }
        return true;
    }

    static void appendString(String text, StringBuilder out) {
        out.append('"');
        if (isPlain(text)) {
            out.append(text);
        } else {
            appendEscaped(text, out);
        }
        out.append('"');
    }

    /** Whether a string is written as it is: nearly all are, and are copied at once. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private static void appendEscaped(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                appendControl(c, out);
            } else if (Character.isSurrogate(c) && !paired(text, i)) {
                // UTF-8 has no form for half a pair
                appendEscape(c, out);
            } else {
                out.append(c);
            }
        }
    }

    private static boolean paired(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at))
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    private static void appendControl(char c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            default -> appendEscape(c, out);
        }
    }

    private static void appendEscape(char c, StringBuilder out) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX[(c >> shift) & 0xf]);
        }
    }

    /** Compares as Python and UTF-8 do; {@link String#compareTo} puts characters beyond U+FFFF before U+E000. */
    static int compareCodePoints(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : Integer.compare(one.codePointAt(i), other.codePointAt(i));
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
