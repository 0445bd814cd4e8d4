package dev.detour.mirror.page;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Something a Simple page can say beyond names and links, which mirrors are known to lose. */
public enum Feature {
    /** A file's digest. */
    HASHES("hashes", true),

    /** Which Pythons a file is for (PEP 503). */
    REQUIRES_PYTHON("requires-python", true),

    /** That a file was withdrawn by its author, with the reason if one was given (PEP 592). */
    YANKED("yanked", true),

    /** That a file's metadata can be had without the file (PEP 658, 714). */
    CORE_METADATA("core-metadata", true),

    /** A file's size (PEP 700). */
    SIZE("size", true),

    /** When a file was uploaded (PEP 700). */
    UPLOAD_TIME("upload-time", true),

    /** Where a file's attestations are (PEP 740). */
    PROVENANCE("provenance", true),

    /** Whether the project is archived, quarantined or deprecated (PEP 792). */
    PROJECT_STATUS("project-status", false),

    /** The versions of the project (PEP 700). */
    VERSIONS("versions", false);

    private final String key;
    private final boolean ofFiles;

    Feature(String key, boolean ofFiles) {
        this.key = key;
        this.ofFiles = ofFiles;
    }

    /** The key that carries it: the name for reports and metrics. */
    public String key() {
        return key;
    }

    /** Whether files carry it; otherwise the page does. */
    public boolean isOfFiles() {
        return ofFiles;
    }

    /** Whether an object carries it: an absent key, null, false and an empty value say nothing. */
    boolean isIn(ObjectNode carrier) {
        return says(carrier.get(key));
    }

    private static boolean says(@Nullable JsonNode value) {
        if (value == null || value.isNull() || (value.isBoolean() && !value.booleanValue())) {
            return false;
        }
        return value.isContainer()
                ? !value.isEmpty()
                : !value.isString() || !value.stringValue().isEmpty();
    }

    boolean isSame(ObjectNode stored, ObjectNode index) {
        return PageComparison.same(ofFiles ? "file" : "", key, stored.get(key), index.get(key));
    }
}
