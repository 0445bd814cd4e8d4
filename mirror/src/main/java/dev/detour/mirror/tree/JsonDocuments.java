package dev.detour.mirror.tree;

import dev.detour.mirror.answer.Page;
import dev.detour.mirror.document.CoreMetadata;
import dev.detour.mirror.document.NoSuchReleaseException;
import dev.detour.mirror.document.ReleaseDocument;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.promise.Promises;
import dev.detour.mirror.tombstone.WithheldException;
import dev.detour.mirror.tombstone.Withholding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes JSON API answers of the documents of a tree. The tree has one document a project; that of a release is derived from
 * it. What the project's document says of its latest release is never passed off as said of another.
 */
final class JsonDocuments {
    static final String MEDIA_TYPE = "application/json";

    private JsonDocuments() {}

    /**
     * A project's document, or null if the tree has none.
     *
     * @throws WithheldException if no release of it is left
     */
    static @Nullable Page project(String project, Sources sources) throws IOException {
        TreeFile file = SimplePages.document(project, sources);
        if (file == null) {
            return null;
        }
        try {
            ObjectNode root = read(project, file, sources.paths());
            Withholding.fromDocument(root, project, sources.withdrawn());
            return page(root, file, sources);
        } catch (PageFormatException e) {
            throw new UnreadableFileException(file.path(), e);
        }
    }

    /**
     * A release's document, or null if the tree has none of the project.
     *
     * @throws NoSuchReleaseException if the project has no such release
     */
    static @Nullable Page release(String project, String version, Sources sources) throws IOException {
        TreeFile file = SimplePages.document(project, sources);
        if (file == null) {
            return null;
        }
        try {
            ObjectNode root = read(project, file, sources.paths());
            Withholding.fromFiles(root, project, sources.withdrawn());
            return page(
                    new ReleaseDocument(root, path -> {
                                TreeFile metadata = sources.find(path);
                                return metadata == null || metadata.size() > CoreMetadata.MAX_BYTES
                                        ? null
                                        : TreePaths.read(metadata);
                            })
                            .derive(project, version),
                    file,
                    sources);
        } catch (PageFormatException e) {
            throw new UnreadableFileException(file.path(), e);
        }
    }

    private static ObjectNode read(String project, TreeFile file, TreePaths paths) throws IOException {
        ObjectNode root = CanonicalJson.readObject(TreePaths.read(file));
        JsonNode name = root.get("info") instanceof ObjectNode info ? info.get("name") : null;
        if (name == null || !name.isString() || !project.equals(ProjectName.normalise(name.stringValue()))) {
            throw new PageFormatException("'info.name' is " + name + " (expected: a spelling of " + project + ")");
        }
        Promises links = new Promises(paths::holds, "pypi/" + project + "/");
        List<JsonNode> lists = new ArrayList<>();
        if (root.get("urls") instanceof ArrayNode urls) {
            lists.add(urls);
        }
        if (root.get("releases") instanceof ObjectNode releases) {
            releases.forEach(lists::add);
        }
        for (JsonNode files : lists) {
            for (JsonNode element : files) {
                if (element instanceof ObjectNode entry) {
                    links.withdrawMissingMetadata(entry);
                }
            }
        }
        return root;
    }

    private static Page page(ObjectNode root, TreeFile file, Sources sources) {
        JsonNode serial = root.get("last_serial");
        return Page.of(
                CanonicalJson.write(root),
                MEDIA_TYPE,
                false,
                serial != null && serial.isIntegralNumber()
                        ? OptionalLong.of(serial.longValue())
                        : OptionalLong.empty(),
                sources.modified(file.modified()));
    }
}
