package dev.detour.mirror.page;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks that a project's page in JSON says what the specification demands (PEP 691, 700, 714, 740, 792), before it may
 * replace what a mirror has. Keys it does not know are not judged.
 */
public final class PageCheck {
    private static final Pattern API_VERSION = Pattern.compile("1\\.[0-9]{1,4}");

    private final ObjectNode page;
    private final String project;
    private final List<Problem> problems = new ArrayList<>();

    private PageCheck(ObjectNode page, String project) {
        this.page = page;
        this.project = project;
    }

    /**
     * Everything that is wrong with a page, in the order of the page; empty if it is good.
     *
     * @param project normalised name of the project that was asked for
     */
    public static List<Problem> of(ObjectNode page, String project) {
        PageCheck check = new PageCheck(page, project);
        boolean sized = check.meta();
        check.name();
        check.files(sized);
        check.versions(sized);
        check.status();
        return List.copyOf(check.problems);
    }

    private void report(String field, @Nullable JsonNode found, String expected) {
        problems.add(new Problem("", field, PageMeta.shown(found), expected));
    }

    /** Whether the page promises what api-version 1.1 brought: sizes and versions. */
    private boolean meta() {
        JsonNode meta = page.get("meta");
        if (!(meta instanceof ObjectNode object)) {
            report("meta", meta, "an object with api-version");
            return false;
        }
        JsonNode serial = object.get("_last-serial");
        if (serial != null && !(serial.isIntegralNumber() && serial.longValue() >= 0)) {
            report("meta._last-serial", serial, "a whole number");
        }
        JsonNode version = object.get("api-version");
        if (version == null
                || !version.isString()
                || !API_VERSION.matcher(version.stringValue()).matches()) {
            report("meta.api-version", version, "1.x as text");
            return false;
        }
        return !version.stringValue().equals("1.0");
    }

    private void name() {
        JsonNode name = page.get("name");
        if (name == null || !name.isString() || !project.equals(ProjectName.normalise(name.stringValue()))) {
            report("name", name, project);
        }
    }

    private void files(boolean sized) {
        if (!(page.get("files") instanceof ArrayNode files)) {
            report("files", page.get("files"), "an array");
            return;
        }
        boolean hashed =
                files.valueStream().anyMatch(file -> file.path("hashes").has("sha256"));
        Set<String> names = new HashSet<>();
        int index = 0;
        for (JsonNode element : files) {
            if (element instanceof ObjectNode file) {
                FileCheck check = new FileCheck(file, index, problems);
                check.all(project, sized, hashed);
                if (!names.add(check.filename())) {
                    problems.add(new Problem(check.filename(), "filename", "there twice", "one file of a name"));
                }
            } else {
                report("files[" + index + "]", element, "an object");
            }
            index++;
        }
    }

    private void versions(boolean promised) {
        JsonNode versions = page.get("versions");
        if (versions == null && !promised) {
            return;
        }
        if (!(versions instanceof ArrayNode array)) {
            report("versions", versions, "an array of texts");
            return;
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode version : array) {
            if (!version.isString() || version.stringValue().isBlank()) {
                report("versions", version, "versions as texts");
            } else if (!seen.add(version.stringValue())) {
                report("versions", version, "each version once");
            }
        }
    }

    private void status() {
        JsonNode status = page.get("project-status");
        if (status == null || status.isNull()) {
            return;
        }
        if (!(status instanceof ObjectNode object)) {
            report("project-status", status, "an object with status");
            return;
        }
        JsonNode value = object.get("status");
        if (value == null || !value.isString() || value.stringValue().isBlank()) {
            report("project-status.status", value, "active, archived, quarantined or deprecated");
        } else if (value.stringValue().equals("quarantined")
                && !page.path("files").isEmpty()) {
            report("files", page.get("files"), "no files, since the project is quarantined");
        }
        JsonNode reason = object.get("reason");
        if (reason != null && !reason.isNull() && !reason.isString()) {
            report("project-status.reason", reason, "text");
        }
    }
}
