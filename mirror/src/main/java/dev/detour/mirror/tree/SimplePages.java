package dev.detour.mirror.tree;

import dev.detour.mirror.answer.Page;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectList;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.page.SimpleFormat;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tombstone.Withholding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes Simple pages of the files of a tree. The JSON page is the source of every form; an HTML page is sent as it is, to
 * everybody, where there is no JSON page: sizes and times that it does not have cannot be made up.
 */
final class SimplePages {
    private static final Pattern SERIAL_COMMENT = Pattern.compile("<!--\\s*SERIAL\\s+([0-9]{1,18})\\s*-->");

    private SimplePages() {}

    /** A project's page, or null if the tree has none. */
    static @Nullable Page project(String project, SimpleFormat format, Sources sources) throws IOException {
        TreeFile json = find(project, "index.v1_json", sources);
        TreeFile html = html(project, sources);
        if (json == null) {
            return html == null
                    ? null
                    : asItIs(html, sources, text -> Withholding.fromPage(text, project, sources.withdrawn()));
        }
        TreeFile document = document(project, sources);
        try {
            ObjectNode root = CanonicalJson.readObject(TreePaths.read(json));
            new PageRepair(project, sources.paths()).repair(root, () -> reasons(document, html));
            Withholding.fromPage(root, project, sources.withdrawn());
            ProjectPage page = new ProjectPage(root);
            byte[] body = format.isJson() ? page.json() : page.html();
            return Page.of(
                    body, format.mediaType(), true, page.serial(), sources.modified(latest(json, document, html)));
        } catch (PageFormatException e) {
            throw new UnreadableFileException(json.path(), e);
        }
    }

    /** The project list, or null if the tree has none. */
    static @Nullable Page index(SimpleFormat format, Sources sources) throws IOException {
        TreeFile json = sources.find(ProjectNames.JSON);
        if (json == null) {
            TreeFile html = sources.find(ProjectNames.HTML);
            html = html != null ? html : sources.find(ProjectNames.V1_HTML);
            return html == null ? null : asItIs(html, sources, text -> Withholding.fromList(text, sources.withdrawn()));
        }
        try {
            ProjectList list = ProjectList.parse(TreePaths.read(json), PageRepair::repairSerial)
                    .without(name -> sources.withdrawn().project(name) != null);
            byte[] body = format.isJson() ? list.json() : list.html();
            return Page.of(body, format.mediaType(), true, list.serial(), sources.modified(json.modified()));
        } catch (PageFormatException e) {
            throw new UnreadableFileException(json.path(), e);
        }
    }

    /** The project's JSON API document, or null if the tree has none. */
    static @Nullable TreeFile document(String project, Sources sources) throws IOException {
        TreeFile document = sources.find("pypi/" + project + "/json");
        return document != null ? document : sources.find("json/" + project);
    }

    /** Whether the tree has anything of a project, page or document. */
    static boolean isKnown(String project, TreePaths paths) throws IOException {
        Sources sources = new Sources(paths, Withdrawn.NOTHING);
        return document(project, sources) != null
                || find(project, "index.v1_json", sources) != null
                || html(project, sources) != null;
    }

    private static @Nullable TreeFile html(String project, Sources sources) throws IOException {
        TreeFile html = find(project, "index.html", sources);
        return html != null ? html : find(project, "index.v1_html", sources);
    }

    /**
     * A file of a project in either layout, flat or by first letter ({@code hash-index}). A tree whose layout was changed
     * keeps the pages of the old one: the newer is the one still written.
     */
    private static @Nullable TreeFile find(String project, String file, Sources sources) throws IOException {
        TreeFile flat = sources.find("simple/" + project + "/" + file);
        TreeFile hashed = sources.find("simple/" + project.charAt(0) + "/" + project + "/" + file);
        if (flat == null || hashed == null) {
            return flat == null ? hashed : flat;
        }
        return hashed.modified().compareTo(flat.modified()) > 0 ? hashed : flat;
    }

    private static Page asItIs(TreeFile html, Sources sources, UnaryOperator<String> withholding) throws IOException {
        byte[] body = TreePaths.read(html);
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.contains("</html>")) {
            // an empty or cut page would say that the project has no files
            throw new UnreadableFileException(html.path(), "no </html> (expected: a complete document)");
        }
        OptionalLong serial = OptionalLong.empty();
        Matcher comment = SERIAL_COMMENT.matcher(text);
        while (comment.find()) {
            serial = OptionalLong.of(Long.parseLong(comment.group(1)));
        }
        String rest = withholding.apply(text);
        return Page.of(
                rest.equals(text) ? body : rest.getBytes(StandardCharsets.UTF_8),
                SimpleFormat.TEXT_HTML.mediaType(),
                true,
                serial,
                sources.modified(html.modified()));
    }

    private static Map<String, String> reasons(@Nullable TreeFile document, @Nullable TreeFile html)
            throws IOException {
        Map<String, String> reasons = new HashMap<>();
        if (html != null) {
            reasons.putAll(YankReasons.inPage(html));
        }
        if (document != null) {
            reasons.putAll(YankReasons.inDocument(document));
        }
        return reasons;
    }

    private static FileTime latest(TreeFile json, @Nullable TreeFile document, @Nullable TreeFile html) {
        FileTime latest = json.modified();
        for (@Nullable TreeFile other : Arrays.asList(document, html)) {
            latest = other != null && other.modified().compareTo(latest) > 0 ? other.modified() : latest;
        }
        return latest;
    }
}
