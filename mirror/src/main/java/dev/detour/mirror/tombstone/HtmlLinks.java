package dev.detour.mirror.tombstone;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * The links of a Simple page in HTML form, taken out where they stand: every other character stays. No tree is built, since
 * the list of a whole index has a million links.
 */
final class HtmlLinks {
    private static final Pattern ATTRIBUTE =
            Pattern.compile("([^\\s\"'>/=]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'=<>`]+)))?");
    private static final Pattern TAG = Pattern.compile("<[^>]*>");

    /** The end tag, or where the next link begins without one. */
    private static final Pattern END = Pattern.compile("</a\\s*>|<a\\s", Pattern.CASE_INSENSITIVE);

    /** What pages put between one link and the next. */
    private static final Pattern LINE_END =
            Pattern.compile("[ \\t]*(?:<br\\s*/?>)?[ \\t]*\\r?\\n?", Pattern.CASE_INSENSITIVE);

    private HtmlLinks() {}

    /**
     * A link.
     *
     * @param lastSegment of the path it leads to, percent-decoded, without a slash at its end; "" if it leads nowhere
     * @param text what people see
     */
    record Link(String lastSegment, String text) {
        /** Reads {@code <a …>…}; the tag ends at {@code tagEnd}, the element at {@code end}. */
        private static Link of(String html, int start, int tagEnd, int end) {
            String text = html.substring(Math.min(tagEnd + 1, end), end);
            String shown = text.indexOf('<') < 0 ? text : TAG.matcher(text).replaceAll("");
            return new Link(
                    lastSegment(href(html, start, tagEnd)),
                    unescaped(shown, false).strip());
        }

        private static String href(String html, int start, int tagEnd) {
            Matcher attribute = ATTRIBUTE.matcher(html).region(start + 2, tagEnd);
            while (attribute.find()) {
                if (attribute.group(1).equalsIgnoreCase("href")) {
                    for (int group = 2; group <= 4; group++) {
                        if (attribute.group(group) != null) {
                            return unescaped(attribute.group(group), true);
                        }
                    }
                }
            }
            return "";
        }

        private static String unescaped(String text, boolean attribute) {
            return text.indexOf('&') < 0 ? text : Parser.unescapeEntities(text, attribute);
        }

        private static String lastSegment(String url) {
            String path = url.strip();
            int end = 0;
            while (end < path.length() && path.charAt(end) != '?' && path.charAt(end) != '#') {
                end++;
            }
            String directory = path.substring(0, end > 0 && path.charAt(end - 1) == '/' ? end - 1 : end);
            return decode(directory.substring(directory.lastIndexOf('/') + 1));
        }

        private static String decode(String segment) {
            try {
                return segment.indexOf('%') < 0
                        ? segment
                        : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return segment;
            }
        }
    }

    /** A page without the links that {@code withheld} says; the same text if there are none. */
    static String without(String html, Predicate<Link> withheld) {
        StringBuilder kept = new StringBuilder();
        int from = 0;
        int at = 0;
        while ((at = html.indexOf('<', at)) >= 0) {
            if (html.startsWith("<!--", at)) {
                int end = html.indexOf("-->", at + 4);
                at = end < 0 ? html.length() : end + 3;
            } else if (!isAnchor(html, at)) {
                at++;
            } else {
                int tagEnd = tagEnd(html, at + 2);
                int end = end(html, tagEnd);
                if (withheld.test(Link.of(html, at, tagEnd, end))) {
                    kept.append(html, from, lineStart(html, from, at));
                    end = afterLine(html, end);
                    from = end;
                }
                at = end;
            }
        }
        return from == 0 ? html : kept.append(html, from, html.length()).toString();
    }

    private static boolean isAnchor(String html, int at) {
        return at + 2 < html.length()
                && (html.charAt(at + 1) == 'a' || html.charAt(at + 1) == 'A')
                && Character.isWhitespace(html.charAt(at + 2));
    }

    /** The {@code >} that ends a tag, which is the first one outside of quotes; or the end of the page. */
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
        return html.length();
    }

    private static int end(String html, int tagEnd) {
        Matcher end = END.matcher(html).region(tagEnd, html.length());
        if (!end.find()) {
            return html.length();
        }
        return html.charAt(end.start() + 1) == '/' ? end.end() : end.start();
    }

    private static int lineStart(String html, int from, int at) {
        int start = at;
        while (start > from && (html.charAt(start - 1) == ' ' || html.charAt(start - 1) == '\t')) {
            start--;
        }
        return start == from || html.charAt(start - 1) == '\n' ? start : at;
    }

    private static int afterLine(String html, int end) {
        Matcher line = LINE_END.matcher(html).region(end, html.length());
        return line.lookingAt() ? line.end() : end;
    }
}
