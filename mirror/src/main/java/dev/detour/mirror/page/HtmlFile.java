package dev.detour.mirror.page;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A file of a project as a link of an HTML page describes it. */
final class HtmlFile {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern WEB =
            Pattern.compile("https?:.*|(?![A-Za-z][A-Za-z0-9+.-]*:).*", Pattern.CASE_INSENSITIVE);
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    /** What stands beside a file under its name is no file of the project. */
    private static final List<String> BESIDE = List.of(".metadata", ".asc", ".sig", ".provenance");

    private HtmlFile() {}

    /**
     * Reads a link; null if it leads to no file.
     *
     * @param project null on a page that is a Simple page for sure: then a link named as its target is a file, whatever its
     *     ending. Otherwise only a release file of this project is one.
     */
    static @Nullable ObjectNode read(Element anchor, URI base, @Nullable String project) {
        String href = anchor.attr("href").strip();
        if (!WEB.matcher(href).matches()) {
            return null;
        }
        int hash = href.indexOf('#');
        String link = hash < 0 ? href : href.substring(0, hash);
        String filename = filename(Links.lastSegment(link), anchor.text().strip(), project);
        if (filename == null) {
            return null;
        }
        ObjectNode hashes = NODES.objectNode();
        String rest = hash < 0 ? "" : Hashes.take(href.substring(hash + 1), hashes);
        ObjectNode file = NODES.objectNode();
        file.put("filename", filename);
        file.put("url", Links.absolute(link, base) + (rest.isEmpty() ? "" : "#" + rest));
        file.set("hashes", hashes);
        putAttributes(anchor, file);
        return file;
    }

    /** Clients go by the link's target, not by its text; the text counts only where the target has no name. */
    private static @Nullable String filename(String target, String text, @Nullable String project) {
        if (isRelease(target, project)) {
            return target;
        }
        if (isRelease(text, project)) {
            return text;
        }
        boolean named = project == null && !target.isEmpty() && target.equals(text);
        return named && BESIDE.stream().noneMatch(target::endsWith) ? target : null;
    }

    private static boolean isRelease(String filename, @Nullable String project) {
        return ReleaseFilename.hasKnownEnding(filename)
                && (project == null || ReleaseFilename.mayBelongTo(filename, project));
    }

    private static void putAttributes(Element anchor, ObjectNode file) {
        String python = value(anchor, "data-requires-python");
        file.set("requires-python", python == null ? NODES.nullNode() : NODES.stringNode(python));
        file.set("yanked", yanked(anchor));
        JsonNode metadata = metadata(anchor);
        file.set("core-metadata", metadata);
        file.set("data-dist-info-metadata", metadata.deepCopy());
        String provenance = value(anchor, "data-provenance");
        file.set("provenance", provenance == null ? NODES.nullNode() : NODES.stringNode(provenance));
        String signed = value(anchor, "data-gpg-sig");
        if (signed != null) {
            file.put("gpg-sig", signed.equalsIgnoreCase("true"));
        }
        String size = value(anchor, "data-size");
        if (size != null && SIZE.matcher(size).matches()) {
            file.put("size", Long.parseLong(size));
        }
        String uploaded = value(anchor, "data-upload-time");
        if (uploaded != null) {
            file.put("upload-time", uploaded);
        }
    }

    private static @Nullable String value(Element anchor, String attribute) {
        String value = anchor.attr(attribute);
        return value.isBlank() ? null : value;
    }

    /** The attribute's presence yanks; its value is the reason. */
    private static JsonNode yanked(Element anchor) {
        if (!anchor.hasAttr("data-yanked")) {
            return NODES.booleanNode(false);
        }
        String reason = anchor.attr("data-yanked");
        return reason.isEmpty() ? NODES.booleanNode(true) : NODES.stringNode(reason);
    }

    private static JsonNode metadata(Element anchor) {
        String core = value(anchor, "data-core-metadata");
        String value = core == null ? value(anchor, "data-dist-info-metadata") : core;
        if (value == null || value.equalsIgnoreCase("false")) {
            return NODES.booleanNode(false);
        }
        ObjectNode hashes = NODES.objectNode();
        Hashes.take(value, hashes);
        return hashes.isEmpty() ? NODES.booleanNode(true) : hashes;
    }
}
