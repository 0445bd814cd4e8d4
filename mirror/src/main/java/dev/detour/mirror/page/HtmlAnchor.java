package dev.detour.mirror.page;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link of a Simple page in HTML form.
 *
 * @param attributes by lower-case name, entities resolved; an attribute without a value has ""
 * @param text what stands between the tags, trimmed, entities resolved
 */
public record HtmlAnchor(Map<String, String> attributes, String text) {
    private static final Pattern ATTRIBUTE =
            Pattern.compile("([^\\s\"'>/=]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'=<>`]+)))?");
    private static final Pattern ENTITY =
            Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));");

    /** Hands over every link of a document in order. Never fails: what is no link is passed over. */
    public static void each(String html, Consumer<HtmlAnchor> consumer) {
        int at = 0;
        while ((at = html.indexOf('<', at)) >= 0) {
            if (html.startsWith("<!--", at)) {
                int end = html.indexOf("-->", at + 4);
                at = end < 0 ? html.length() : end + 3;
            } else if (isAnchor(html, at)) {
                at = anchor(html, at + 2, consumer);
            } else {
                at++;
            }
        }
    }

    private static boolean isAnchor(String html, int at) {
        return at + 2 < html.length()
                && (html.charAt(at + 1) == 'a' || html.charAt(at + 1) == 'A')
                && Character.isWhitespace(html.charAt(at + 2));
    }

    private static int anchor(String html, int start, Consumer<HtmlAnchor> consumer) {
        int tagEnd = tagEnd(html, start);
        if (tagEnd < 0) {
            return html.length();
        }
        int textEnd = html.indexOf('<', tagEnd);
        if (textEnd < 0) {
            return html.length();
        }
        Map<String, String> attributes = new HashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(html).region(start, tagEnd);
        while (attribute.find()) {
            attributes.putIfAbsent(attribute.group(1).toLowerCase(Locale.ROOT), unescape(valueOf(attribute)));
        }
        String text = unescape(html.substring(tagEnd + 1, textEnd)).strip();
        consumer.accept(new HtmlAnchor(Map.copyOf(attributes), text));
        return textEnd;
    }

    /** The {@code >} that ends a tag: the first one outside quotes. */
    private static int tagEnd(String html, int start) {
        char quote = 0;
        for (int i = start; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '>') {
                return i;
            } else if (c == '"' || c == '\'') {
                quote = c;
            }
        }
        return -1;
    }

    private static String valueOf(Matcher attribute) {
        for (int group = 2; group <= 4; group++) {
            if (attribute.group(group) != null) {
                return attribute.group(group);
            }
        }
        return "";
    }

    private static String unescape(String text) {
        return text.indexOf('&') < 0
                ? text
                : ENTITY.matcher(text).replaceAll(entity -> Matcher.quoteReplacement(character(entity)));
    }

    private static String character(MatchResult entity) {
        if (entity.group(3) != null) {
            return switch (entity.group(3)) {
                case "amp" -> "&";
                case "lt" -> "<";
                case "gt" -> ">";
                case "quot" -> "\"";
                case "apos" -> "'";
                default -> "\u00a0";
            };
        }
        int point = entity.group(1) != null ? Integer.parseInt(entity.group(1)) : Integer.parseInt(entity.group(2), 16);
        return Character.isValidCodePoint(point) ? Character.toString(point) : "\ufffd";
    }
}
