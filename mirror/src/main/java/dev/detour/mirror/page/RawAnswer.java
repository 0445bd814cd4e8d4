package dev.detour.mirror.page;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The body of an answer with status 200, and whether it is what was asked for: an index behind a broken edge answers with
 * error pages, login pages and half documents, all of them 200.
 */
public final class RawAnswer {
    /** What of a body is looked at to say what it is. */
    private static final int SHOWN = 16 * 1024;

    private final @Nullable String contentType;
    private final byte[] body;

    /**
     * Takes over a body.
     *
     * @param contentType as sent, or null
     * @param body complete as far as the transport knows, decoded
     */
    public RawAnswer(@Nullable String contentType, byte[] body) {
        this.contentType = contentType;
        this.body = body;
    }

    /**
     * A project's page in whichever form it was sent.
     *
     * @param project normalised
     * @param base where it was fetched from
     * @throws PageFormatException if it is none; the message says what came instead
     */
    public ObjectNode page(String project, URI base) {
        String type = type();
        boolean html = type.equals("text/html") || type.equals("application/vnd.pypi.simple.v1+html");
        return html && !startsLikeJson() ? HtmlPage.read(body, project, base) : json();
    }

    /**
     * The object of an answer in JSON: a page, a list, a document of the JSON API.
     *
     * @throws PageFormatException if it is none; the message says what came instead
     */
    public ObjectNode json() {
        if (new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8).isBlank()) {
            throw new PageFormatException("the body is empty (expected: JSON)");
        }
        String type = type();
        boolean named = type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
        if (!startsLikeJson()) {
            throw new PageFormatException("the body is " + described() + " of type " + type + " (expected: JSON)");
        }
        if (!named) {
            throw new PageFormatException("the content type is " + type + " (expected: "
                    + SimpleFormat.V1_JSON.mediaType() + " or application/json)");
        }
        return CanonicalJson.readObject(body);
    }

    private String type() {
        if (contentType == null) {
            return "none";
        }
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    private boolean startsLikeJson() {
        for (byte b : body) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{' || b == '[';
            }
        }
        return false;
    }

    private String described() {
        String text = new String(body, 0, Math.min(body.length, SHOWN), StandardCharsets.UTF_8).strip();
        if (text.startsWith("<")) {
            return "the HTML page " + HtmlAnswer.described(Jsoup.parse(text));
        }
        String line = text.replaceAll("\\s+", " ");
        return "the text '" + (line.length() <= 60 ? line : line.substring(0, 60) + "…") + "'";
    }
}
