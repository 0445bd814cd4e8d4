package dev.detour.mirror.page;

import java.io.Reader;
import java.io.StringReader;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.parser.Parser;
import org.jsoup.parser.StreamParser;

/**
 * A link of a Simple page in HTML form.
 *
 * @param attributes by lower-case name, entities resolved; an attribute without a value has ""
 * @param text what stands between the tags, trimmed, entities resolved
 */
public record HtmlAnchor(Map<String, String> attributes, String text) {
    /** Hands over every link of a document in order. Never fails: what is no link is passed over. */
    public static void each(String html, Consumer<HtmlAnchor> consumer) {
        each(new StringReader(html), element -> {}, consumer);
    }

    /**
     * Hands over the links of a document, which is never in memory as a whole: the list of a whole index has a million of them.
     *
     * @param head takes the elements of the document's head that come before the links
     */
    static void each(Reader html, Consumer<Element> head, Consumer<HtmlAnchor> consumer) {
        try (StreamParser parser = new StreamParser(Parser.htmlParser()).parse(html, "")) {
            for (Iterator<Element> elements = parser.iterator(); elements.hasNext(); ) {
                Element element = elements.next();
                if (element.nameIs("a")) {
                    consumer.accept(of(element));
                } else if (element.nameIs("meta") || element.nameIs("title") || element.nameIs("h1")) {
                    head.accept(element);
                }
                forgetBefore(element);
            }
        }
    }

    private static void forgetBefore(Element element) {
        for (Node before = element.previousSibling(); before != null; before = element.previousSibling()) {
            before.remove();
        }
    }

    private static HtmlAnchor of(Element element) {
        Map<String, String> attributes = new HashMap<>();
        for (Attribute attribute : element.attributes()) {
            attributes.put(attribute.getKey(), attribute.getValue());
        }
        return new HtmlAnchor(Map.copyOf(attributes), element.text().strip());
    }
}
