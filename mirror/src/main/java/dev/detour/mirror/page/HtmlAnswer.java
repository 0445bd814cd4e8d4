package dev.detour.mirror.page;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** What tells a Simple page in HTML from the other HTML that comes with status 200. */
final class HtmlAnswer {
    /** Far more than any index writes after the end tag. */
    private static final int TAIL = 4096;

    private static final int SHOWN = 60;

    private HtmlAnswer() {}

    /**
     * Checks that a document was not cut off: after {@code </html>} come comments and white space only.
     *
     * @throws PageFormatException if it was
     */
    static void requireComplete(byte[] html) {
        int start = Math.max(0, html.length - TAIL);
        // single bytes: the end tag is ASCII in every encoding that pages have
        String tail = new String(html, start, html.length - start, StandardCharsets.ISO_8859_1);
        String lower = tail.toLowerCase(Locale.ROOT);
        int end = lower.lastIndexOf("</html");
        int close = end < 0 ? -1 : tail.indexOf('>', end);
        if (html.length == 0) {
            throw new PageFormatException("the page is empty (expected: an HTML document)");
        }
        if (close < 0 || !onlyComments(tail.substring(close + 1))) {
            throw new PageFormatException("the page of " + html.length + " bytes ends with '" + end(tail)
                    + "' (expected: a document complete up to </html>)");
        }
    }

    private static String end(String tail) {
        return tail.substring(Math.max(0, tail.length() - SHOWN)).replaceAll("\\s+", " ");
    }

    private static boolean onlyComments(String rest) {
        String left = rest.strip();
        while (left.startsWith("<!--")) {
            int end = left.indexOf("-->", 4);
            if (end < 0) {
                return false;
            }
            left = left.substring(end + 3).strip();
        }
        return left.isEmpty();
    }

    /** @throws PageFormatException if the page asks for a password */
    static void refuseLogin(Document document) {
        if (document.selectFirst("input[type=password]") != null) {
            throw new PageFormatException(
                    "the page " + described(document) + " asks for a password (expected: a Simple page)");
        }
    }

    /** A page by its title or, if it has none, by its first words: what an operator recognises it by. */
    static String described(Document document) {
        String title = document.title();
        Element body = document.body();
        String text = title.isBlank() ? body.text() : title;
        return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + "'";
    }
}
