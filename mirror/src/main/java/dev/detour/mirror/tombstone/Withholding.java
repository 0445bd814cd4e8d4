package dev.detour.mirror.tombstone;

import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.page.PythonVersion;
import dev.detour.mirror.page.ReleaseFilename;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes what has a tombstone out of pages and documents. What has none stays as it is, so that a page without withheld files
 * is the very page it was. The tombstone of a whole project is not looked for here: see {@link Withdrawn#whole}.
 */
public final class Withholding {
    private Withholding() {}

    /**
     * Takes withheld files out of a Simple page in JSON form, and out of {@code versions} what they leave without a file.
     *
     * @param project normalised
     * @return whether there were any
     */
    public static boolean fromPage(ObjectNode root, String project, Withdrawn withdrawn) {
        if (!withdrawn.mayConcern(project) || !(root.get("files") instanceof ArrayNode files)) {
            return false;
        }
        List<String> versions = texts(root.get("versions"));
        Set<PythonVersion> emptied = new HashSet<>();
        Set<PythonVersion> left = new HashSet<>();
        int before = files.size();
        files.removeIf(file -> {
            String filename = text(file, "filename");
            String version = ReleaseFilename.versionOf(filename, project, versions);
            boolean withheld = withdrawn.file(project, version, filename) != null;
            (withheld ? emptied : left).add(PythonVersion.of(version));
            return withheld;
        });
        emptied.removeAll(left);
        return removeVersions(root.get("versions"), project, emptied, withdrawn) || files.size() < before;
    }

    private static boolean removeVersions(
            @Nullable JsonNode versions, String project, Set<PythonVersion> emptied, Withdrawn withdrawn) {
        int before = versions == null ? 0 : versions.size();
        if (versions instanceof ArrayNode array) {
            array.removeIf(each -> {
                String version = each.asString("");
                return emptied.contains(PythonVersion.of(version)) || withdrawn.release(project, version) != null;
            });
        }
        return versions != null && versions.size() < before;
    }

    /**
     * Takes withheld releases and files out of a JSON API document of a project. One that speaks of a withheld release as its
     * latest is made to speak of the latest that is left.
     *
     * @param project normalised
     * @throws WithheldException if no release is left: the index has no document of a project without releases
     */
    public static void fromDocument(ObjectNode root, String project, Withdrawn withdrawn) throws WithheldException {
        if (!withdrawn.mayConcern(project)) {
            return;
        }
        String latest = text(root.get("info"), "version");
        fromFiles(root, project, withdrawn);
        Tombstone onLatest = withdrawn.release(project, latest);
        if (onLatest != null && !LatestRelease.repoint(root)) {
            throw new WithheldException(onLatest);
        }
    }

    /**
     * Takes withheld releases out of {@code releases} and withheld files out of all that lists files, and leaves {@code info}
     * as it is: before the document of another release is derived from it.
     *
     * @param root a JSON API document of a project or a release
     * @param project normalised
     */
    public static void fromFiles(ObjectNode root, String project, Withdrawn withdrawn) {
        if (!withdrawn.mayConcern(project)) {
            return;
        }
        removeFiles(root.get("urls"), project, text(root.get("info"), "version"), withdrawn);
        if (root.get("releases") instanceof ObjectNode releases) {
            for (Map.Entry<String, JsonNode> release : new ArrayList<>(releases.properties())) {
                if (withdrawn.release(project, release.getKey()) != null) {
                    releases.remove(release.getKey());
                } else {
                    removeFiles(release.getValue(), project, release.getKey(), withdrawn);
                }
            }
        }
    }

    private static void removeFiles(@Nullable JsonNode files, String project, String version, Withdrawn withdrawn) {
        if (files instanceof ArrayNode array) {
            array.removeIf(file -> withdrawn.file(project, version, text(file, "filename")) != null);
        }
    }

    /** Takes withheld files out of a Simple page in HTML form; {@code project} is normalised. */
    public static String fromPage(String html, String project, Withdrawn withdrawn) {
        return withdrawn.mayConcern(project)
                ? HtmlLinks.without(html, link -> {
                    // installers go by the link, people by the text
                    return isWithheld(link.lastSegment(), project, withdrawn)
                            || isWithheld(link.text(), project, withdrawn);
                })
                : html;
    }

    private static boolean isWithheld(String filename, String project, Withdrawn withdrawn) {
        String version = ReleaseFilename.versionOf(filename, project, withdrawn.versions(project));
        return withdrawn.file(project, version, filename) != null;
    }

    /** Takes withheld projects out of the project list in HTML form. */
    public static String fromList(String html, Withdrawn withdrawn) {
        return withdrawn.withholdsProjects()
                ? HtmlLinks.without(
                        html, link -> isListed(link.lastSegment(), withdrawn) || isListed(link.text(), withdrawn))
                : html;
    }

    private static boolean isListed(String spelled, Withdrawn withdrawn) {
        String name = ProjectName.normalise(spelled);
        return name != null && withdrawn.project(name) != null;
    }

    private static List<String> texts(@Nullable JsonNode array) {
        List<String> texts = new ArrayList<>();
        if (array instanceof ArrayNode) {
            array.forEach(element -> texts.add(element.asString("")));
        }
        return texts;
    }

    private static String text(@Nullable JsonNode object, String key) {
        return object instanceof ObjectNode node ? node.path(key).asString("") : "";
    }
}
