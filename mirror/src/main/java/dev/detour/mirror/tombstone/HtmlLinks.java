package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.HtmlAnchor;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The links of a Simple page in HTML form, taken out where they stand: every other character stays, in a page of any size. */
final class HtmlLinks {
    /** What pages put between one link and the next. */
    private static final Pattern LINE_END =
            Pattern.compile("[ \\t]*(?:<br\\s*/?>)?[ \\t]*\\r?\\n?", Pattern.CASE_INSENSITIVE);

    /** The end tag, or where the next link begins without one. */
    private static final Pattern END = Pattern.compile("</a\\s*>|<a\\s", Pattern.CASE_INSENSITIVE);

    private HtmlLinks() {}

    /**
     * A link.
     *
     * @param lastSegment of the path it leads to, percent-decoded, without a slash at its end
     */
    record Link(String lastSegment, String text) {
        static Link of(HtmlAnchor anchor) {
            String path = anchor.attributes().getOrDefault("href", "").strip().replaceFirst("[?#].*", "");
            String directory = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return new Link(decode(directory.substring(directory.lastIndexOf('/') + 1)), anchor.text());
        }

        private static String decode(String segment) {
            try {
                return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
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
                int end = end(html, at);
                if (isWithheld(html.substring(at, end), withheld)) {
                    kept.append(html, from, lineStart(html, from, at));
                    end = afterLine(html, end);
                    from = end;
                }
                at = end;
            }
        }
        return from == 0 ? html : kept.append(html, from, html.length()).toString();
    }

    private static boolean isWithheld(String element, Predicate<Link> withheld) {
        boolean[] found = {false};
        // the reader of links wants something after the text
        HtmlAnchor.each(element + "<", anchor -> found[0] |= withheld.test(Link.of(anchor)));
        return found[0];
    }

    private static boolean isAnchor(String html, int at) {
        return at + 2 < html.length()
                && (html.charAt(at + 1) == 'a' || html.charAt(at + 1) == 'A')
                && Character.isWhitespace(html.charAt(at + 2));
    }

    /** Where the element ends. A {@code >} or {@code <a} inside of quotes ends nothing. */
    private static int end(String html, int start) {
        int tagEnd = start + 2;
        char quote = 0;
        while (tagEnd < html.length() && (quote != 0 || html.charAt(tagEnd) != '>')) {
            char c = html.charAt(tagEnd++);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            }
        }
        Matcher end = END.matcher(html).region(Math.min(tagEnd, html.length()), html.length());
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
