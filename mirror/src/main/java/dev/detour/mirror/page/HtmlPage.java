package dev.detour.mirror.page;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Comment;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A project's Simple page in HTML, of whatever index, read into the JSON model (PEP 503, 592, 629, 658, 714, 740, 792).
 * What HTML cannot say is left out: sizes and upload times, unless the index writes them in attributes of its own. A page
 * that lacks a size claims api-version 1.0, since 1.1 promises one for every file.
 */
public final class HtmlPage {
    private static final Pattern LINKS_FOR =
            Pattern.compile("(?:.*\\s)?links for\\s+(\\S+)(?:\\s.*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SERIAL = Pattern.compile("\\s*SERIAL\\s+([0-9]{1,18})\\s*");
    private static final String WITHOUT_SIZES = "1.0";

    private final Document document;
    private final String project;
    private final URI base;

    private HtmlPage(Document document, String project, URI base) {
        this.document = document;
        this.project = project;
        Element element = document.selectFirst("base[href]");
        this.base = element == null ? base : Links.resolve(base, element.attr("href"));
    }

    /**
     * Reads a page.
     *
     * @param project normalised name of the project that was asked for
     * @param base where the page was fetched from: relative links become absolute
     * @return a tree that a {@link ProjectPage} can be made of
     * @throws PageFormatException if it is no Simple page of this project: an error page, a login page, one cut off, another project's
     */
    public static ObjectNode read(byte[] html, String project, URI base) {
        HtmlAnswer.requireComplete(html);
        return new HtmlPage(parse(html, base), project, base).model();
    }

    private static Document parse(byte[] html, URI base) {
        try {
            return Jsoup.parse(new ByteArrayInputStream(html), null, base.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode model() {
        HtmlAnswer.refuseLogin(document);
        String version = version();
        boolean titled = isTitled();
        boolean marked = titled || version != null;
        ArrayNode files = files(marked);
        if (!marked && files.isEmpty()) {
            throw new PageFormatException("the page " + HtmlAnswer.described(document)
                    + " is no Simple page (expected: " + "pypi:repository-version, or 'Links for " + project
                    + "', or links to files of " + project + ")");
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("files", files);
        ObjectNode head = root.putObject("meta");
        head.put("api-version", version == null || !allHaveSizes(files) ? WITHOUT_SIZES : version);
        putSerial(head);
        root.put("name", project);
        putStatus(root);
        return root;
    }

    private @Nullable String version() {
        String version = meta("pypi:repository-version");
        if (version != null && !version.startsWith("1.")) {
            throw new PageFormatException("'pypi:repository-version' is " + version + " (expected: 1.x)");
        }
        return version;
    }

    private @Nullable String meta(String name) {
        for (Element meta : document.getElementsByTag("meta")) {
            if (meta.attr("name").equalsIgnoreCase(name)
                    && !meta.attr("content").isBlank()) {
                return meta.attr("content").strip();
            }
        }
        return null;
    }

    /** Whether the page says that it lists this project's links; another project's are refused. */
    private boolean isTitled() {
        Element heading = document.selectFirst("h1");
        for (String title : List.of(document.title(), heading == null ? "" : heading.text())) {
            Matcher links = LINKS_FOR.matcher(title.strip());
            String name = links.matches() ? ProjectName.normalise(links.group(1)) : null;
            if (name != null && !name.equals(project)) {
                throw new PageFormatException("the page lists links for " + name + " (expected: " + project + ")");
            }
            if (name != null) {
                return true;
            }
        }
        return false;
    }

    private ArrayNode files(boolean marked) {
        ArrayNode files = JsonNodeFactory.instance.arrayNode();
        Map<String, ObjectNode> seen = new HashMap<>();
        for (Element anchor : document.getElementsByTag("a")) {
            ObjectNode file = anchor.hasAttr("href") ? HtmlFile.read(anchor, base, marked ? null : project) : null;
            // an index that merges others may list a file once for each of them
            if (file != null && !file.equals(seen.put(file.required("filename").stringValue(), file))) {
                files.add(file);
            }
        }
        return files;
    }

    private static boolean allHaveSizes(ArrayNode files) {
        return files.valueStream().allMatch(file -> file.has("size"));
    }

    private void putSerial(ObjectNode head) {
        document.nodeStream(Comment.class).forEach(comment -> {
            Matcher serial = SERIAL.matcher(comment.getData());
            if (serial.matches()) {
                head.put("_last-serial", Long.parseLong(serial.group(1)));
            }
        });
    }

    private void putStatus(ObjectNode root) {
        String status = meta("pypi:project-status");
        if (status != null) {
            ObjectNode object = root.putObject("project-status");
            object.put("status", status);
            String reason = meta("pypi:project-status-reason");
            if (reason != null) {
                object.put("reason", reason);
            }
        }
    }
}
