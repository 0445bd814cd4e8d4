package dev.detour.mirror.tree;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.promise.Promises;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a page as bandersnatch writes it into one as the index writes it: puts back what other files of the tree still know,
 * removes values that are none, and withdraws what the tree promises but does not hold. A page that is already right stays
 * as it is.
 */
final class PageRepair {
    /** The key PEP 714 withdrew: old pips fail on what it holds. */
    private static final String WITHDRAWN_KEY = "dist-info-metadata";

    private final String project;
    private final TreeSource paths;
    private final Promises links;

    PageRepair(String project, TreeSource paths) {
        this.project = project;
        this.paths = paths;
        this.links = new Promises(paths::holds, "simple/" + project + "/");
    }

    /** Where reasons of yanks are found. */
    interface Reasons {
        /** By filename. */
        Map<String, String> read() throws IOException;
    }

    void repair(ObjectNode root, Reasons reasons) throws IOException {
        repairName(root);
        repairSerial(root);
        if (!(root.get("files") instanceof ArrayNode files)) {
            return;
        }
        List<String> versions = texts(root.get("versions"));
        paths.expect(promised(files, versions));
        boolean reasonMissing = false;
        for (JsonNode element : files) {
            if (element instanceof ObjectNode file) {
                repairFile(file, versions);
                reasonMissing |= yankedWithoutReason(file);
            }
        }
        if (reasonMissing) {
            addReasons(files, reasons.read());
        }
    }

    private void repairName(ObjectNode root) {
        JsonNode name = root.get("name");
        if (name != null && name.isString()) {
            if (!project.equals(ProjectName.normalise(name.stringValue()))) {
                throw new PageFormatException("'name' is " + name + " (expected: " + project + ")");
            }
            root.put("name", project);
        }
    }

    static void repairSerial(ObjectNode root) {
        if (root.get("meta") instanceof ObjectNode meta) {
            JsonNode serial = meta.get("_last-serial");
            if (serial != null && serial.isString() && serial.stringValue().matches("[0-9]{1,18}")) {
                meta.put("_last-serial", Long.parseLong(serial.stringValue()));
            }
        }
    }

    private void repairFile(ObjectNode file, List<String> versions) throws IOException {
        if (isEmptyText(file.get("requires-python"))) {
            file.putNull("requires-python");
        }
        if (isEmptyText(file.get("upload-time"))) {
            // no timestamp at all is allowed, "" is not one
            file.remove("upload-time");
        }
        repairMetadataKeys(file);
        links.withdrawMissingMetadata(file);
        links.withdrawMissingProvenance(file, project, versions);
    }

    /** Files that the page promises and that the tree would have to keep. */
    private List<String> promised(ArrayNode files, List<String> versions) {
        List<String> promised = new ArrayList<>();
        for (JsonNode element : files) {
            if (element instanceof ObjectNode file) {
                Stream.of(links.promisedMetadata(file), Promises.promisedProvenance(file, project, versions))
                        .filter(Objects::nonNull)
                        .forEach(promised::add);
            }
        }
        return promised;
    }

    private static void repairMetadataKeys(ObjectNode file) {
        JsonNode withdrawn = file.remove(WITHDRAWN_KEY);
        JsonNode core = file.get(Promises.METADATA_KEYS.get(0));
        JsonNode alias = file.get(Promises.METADATA_KEYS.get(1));
        JsonNode known = core != null ? core : alias != null ? alias : withdrawn;
        if (known != null) {
            for (String key : Promises.METADATA_KEYS) {
                file.set(key, known);
            }
        }
    }

    private static boolean yankedWithoutReason(ObjectNode file) {
        JsonNode yanked = file.get("yanked");
        return yanked != null && yanked.isBoolean() && yanked.booleanValue();
    }

    private static void addReasons(ArrayNode files, Map<String, String> reasons) {
        for (JsonNode element : files) {
            if (element instanceof ObjectNode file && yankedWithoutReason(file)) {
                JsonNode filename = file.get("filename");
                String reason = filename == null ? null : reasons.get(filename.asString());
                if (reason != null) {
                    file.put("yanked", reason);
                }
            }
        }
    }

    private static boolean isEmptyText(@Nullable JsonNode value) {
        return value != null && value.isString() && value.stringValue().isEmpty();
    }

    private static List<String> texts(@Nullable JsonNode array) {
        List<String> texts = new ArrayList<>();
        if (array instanceof ArrayNode) {
            array.forEach(element -> texts.add(element.asString()));
        }
        return texts;
    }
}
