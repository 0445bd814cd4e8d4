package dev.detour.mirror.audit;

import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Something of a Simple page that copies are known to lose. */
public enum Feature {
    /** PEP 503: which Pythons a file is for. Without it pip picks wrong versions. */
    REQUIRES_PYTHON,
    /** PEP 592: that a file is yanked. */
    YANKED,
    /** PEP 592: why. */
    YANKED_REASON,
    /** PEP 658 and 714. */
    CORE_METADATA,
    /** PEP 700. */
    SIZE,
    /** PEP 700; what installers with a cooldown go by. */
    UPLOAD_TIME,
    /** PEP 740. */
    PROVENANCE,
    /** PEP 792: of the page, not of a file. */
    PROJECT_STATUS,
    /** PEP 700: of the page. */
    VERSIONS;

    private static boolean isText(ObjectNode file, String key) {
        JsonNode value = file.get(key);
        return value != null && value.isString() && !value.stringValue().isEmpty();
    }

    private static boolean isTrue(ObjectNode file, String key) {
        JsonNode value = file.get(key);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** As a label of a metric. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private boolean isIn(ObjectNode file) {
        return switch (this) {
            case REQUIRES_PYTHON -> isText(file, "requires-python");
            case YANKED -> isText(file, "yanked") || isTrue(file, "yanked");
            case YANKED_REASON -> isText(file, "yanked");
            case CORE_METADATA -> file.path("core-metadata").isObject() || isTrue(file, "core-metadata");
            case SIZE -> file.path("size").isNumber();
            case UPLOAD_TIME -> isText(file, "upload-time");
            case PROVENANCE -> isText(file, "provenance");
            case PROJECT_STATUS, VERSIONS -> false;
        };
    }

    /** How often a page has it. */
    int count(ObjectNode page) {
        if (this == PROJECT_STATUS || this == VERSIONS) {
            return page.path(label()).isContainer() ? 1 : 0;
        }
        int count = 0;
        for (JsonNode file : page.path("files")) {
            if (file instanceof ObjectNode object && isIn(object)) {
                count++;
            }
        }
        return count;
    }
}
