package dev.detour.mirror.remote;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlAnchor;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectList;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a file of a tree has to be, by its name. A web server has answers with status 200 that are no files of the tree: the
 * listing of a directory, the page of an error, the login form of a proxy.
 */
enum FileKind {
    /** {@code last-modified}. */
    TIME(64),
    /** The project list. */
    LIST(512L << 20),
    /** A Simple page or JSON document. */
    PAGE(128L << 20),
    /** Anything else: {@code .metadata}. */
    OTHER(16L << 20);

    static final String LAST_MODIFIED = "last-modified";
    static final String JSON_LIST = "simple/index.v1_json";
    static final String HTML_LIST = "simple/index.html";

    private static final String LINKS_FOR = "links for ";
    private static final String VERSION = "pypi:repository-version";

    private final long maxBytes;

    FileKind(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    static FileKind of(String relative) {
        return switch (relative) {
            case LAST_MODIFIED -> TIME;
            case JSON_LIST, HTML_LIST -> LIST;
            default -> relative.endsWith(".metadata") ? OTHER : PAGE;
        };
    }

    long maxBytes() {
        return maxBytes;
    }

    /**
     * Fails if bytes are not what a file of this name has to be.
     *
     * @throws PageFormatException with what is wrong
     */
    void check(String relative, byte[] content) {
        if (this == TIME || this == OTHER) {
            if (content.length > 0 && content[0] == '<') {
                throw new PageFormatException("a web page (expected: text)");
            }
        } else if (!relative.endsWith(".html")) {
            checkJson(content);
        } else if (this == LIST) {
            checkHtmlList(new String(content, StandardCharsets.UTF_8));
        } else {
            checkHtmlPage(new String(content, StandardCharsets.UTF_8));
        }
    }

    private void checkJson(byte[] content) {
        int at = 0;
        while (at < content.length && Character.isWhitespace(content[at])) {
            at++;
        }
        if (at == content.length || content[at] == '<') {
            throw new PageFormatException((at == content.length ? "empty" : "a web page") + " (expected: JSON)");
        }
        if (this == LIST) {
            ProjectList.namesInJson(content);
        } else {
            CanonicalJson.readObject(content);
        }
    }

    private static void checkHtmlList(String html) {
        String lower = head(html);
        boolean list = html.contains("</html>")
                && !lower.contains("<title>index of")
                && (lower.contains(VERSION) || lower.contains("simple index"));
        if (!list) {
            throw new PageFormatException("no project list (expected: an HTML list with 'Simple index' as its title; "
                    + "is it the listing of a directory?)");
        }
    }

    /** A page of a project says so, or has nothing but links whose text is the name of the file they lead to. */
    private static void checkHtmlPage(String html) {
        String lower = head(html);
        if (!html.contains("</html>")) {
            throw new PageFormatException("no </html> (expected: a complete document)");
        }
        if (lower.contains(VERSION) || lower.contains(LINKS_FOR)) {
            return;
        }
        AtomicBoolean any = new AtomicBoolean();
        AtomicBoolean all = new AtomicBoolean(true);
        HtmlAnchor.each(html, anchor -> {
            any.set(true);
            if (!anchor.text().equals(filename(anchor.attributes().getOrDefault("href", "")))) {
                all.set(false);
            }
        });
        if (!any.get() || !all.get()) {
            throw new PageFormatException(
                    "no page of a project (expected: links to files; is it the listing of a directory, or an error?)");
        }
    }

    private static String head(String html) {
        return html.substring(0, Math.min(html.length(), 2048)).toLowerCase(Locale.ROOT);
    }

    private static String filename(String href) {
        String path = href.replaceFirst("[?#].*", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }
}
