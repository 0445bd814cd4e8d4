package dev.detour.mirror.page;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The list of all projects in HTML, of whatever index, read project by project. */
public final class HtmlList {
    private static final Pattern TITLE =
            Pattern.compile(".*(?:simple|links for|index|packages).*", Pattern.CASE_INSENSITIVE);

    /** Titles like "Index of /" and the like name a list too; these words name what came instead of one. */
    private static final Pattern REFUSED = Pattern.compile(
            ".*(?:sign in|log in|login|error|not found|forbidden|unavailable|bad gateway|timeout|maintenance).*",
            Pattern.CASE_INSENSITIVE);

    private @Nullable String version;
    private String title = "";
    private int links;
    private final Set<String> projects = new HashSet<>();

    private HtmlList() {}

    /**
     * Reads a list. A link is a project if its text is a project's name and its target ends with the same name; other links
     * are passed over, a project listed twice is handed over once.
     *
     * @return all but the projects, as a head of the JSON form
     * @throws PageFormatException if it is no project list: an error page, a login page, one cut off. Projects may have been
     *     handed over before
     */
    public static ObjectNode each(byte[] html, Consumer<ListedProject> consumer) {
        HtmlAnswer.requireComplete(html);
        HtmlList list = new HtmlList();
        Reader reader = new InputStreamReader(new ByteArrayInputStream(html), StandardCharsets.UTF_8);
        HtmlAnchor.each(reader, list::head, anchor -> list.link(anchor, consumer));
        list.requireList();
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("api-version", Objects.requireNonNullElse(list.version, "1.0"));
        return head;
    }

    private void head(Element element) {
        if (element.nameIs("meta") && element.attr("name").equalsIgnoreCase("pypi:repository-version")) {
            version = element.attr("content").strip();
        } else if (!element.nameIs("meta") && title.isEmpty()) {
            title = element.text().strip();
        }
    }

    private void link(HtmlAnchor anchor, Consumer<ListedProject> consumer) {
        links++;
        String name = anchor.text();
        String project = ProjectName.normalise(name);
        String href = anchor.attributes().getOrDefault("href", "").strip();
        String target = Links.lastSegment(href.replaceFirst("/*(?:[?#].*)?$", ""));
        if (project != null && ProjectName.fold(target).equals(project) && projects.add(project)) {
            ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
            StringBuilder json = new StringBuilder(name.length() + 12);
            CanonicalJson.append(entry, json);
            consumer.accept(new ListedProject(project, name, OptionalLong.empty(), json.toString()));
        }
    }

    private void requireList() {
        if (version != null && !version.startsWith("1.")) {
            throw new PageFormatException("'pypi:repository-version' is " + version + " (expected: 1.x)");
        }
        boolean titled =
                TITLE.matcher(title).matches() && !REFUSED.matcher(title).matches();
        boolean only = title.isEmpty() && links == projects.size();
        if (version == null && (projects.isEmpty() || !(titled || only))) {
            throw new PageFormatException("the page '" + title + "' with " + links + " links, "
                    + projects.size() + " of them to projects, is no project list (expected: pypi:repository-version,"
                    + " or a title such as 'Simple index' and a link for each project)");
        }
    }
}
