package dev.detour.mirror.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A project's Simple page in both of its forms, JSON and HTML, each byte for byte as the index writes it. Keys it does not
 * know are carried through. Files are in the order of (version, filename); {@code versions} is recomputed from the files
 * when it is missing or out of order, and left as it is otherwise.
 *
 * <p>Owns the tree it was made of; nobody else may change it. Immutable from then on.
 */
public final class ProjectPage {
    private final ObjectNode root;
    private final String name;

    private record Entry(PythonVersion version, String filename, ObjectNode file) {
        static final Comparator<Entry> ORDER =
                Comparator.comparing(Entry::version).thenComparing(Entry::filename, CanonicalJson::compareCodePoints);
    }

    /**
     * Takes over a tree.
     *
     * @throws PageFormatException if it is not a project page
     */
    public ProjectPage(ObjectNode root) {
        this.root = root;
        this.name = PageMeta.text(root, "name", "the page");
        PageMeta.apiVersion(root);
        order();
    }

    /**
     * Reads the JSON form.
     *
     * @throws PageFormatException if it is not a project page
     */
    public static ProjectPage parse(byte[] json) {
        return new ProjectPage(CanonicalJson.readObject(json));
    }

    /** The project's {@code _last-serial}, if the page has one. */
    public OptionalLong serial() {
        return PageMeta.serial(root);
    }

    private void order() {
        ArrayNode files = PageMeta.array(root, "files");
        String project = ProjectName.fold(name);
        List<String> known = texts(root.get("versions"));
        // each version is written once in 'versions' and once for each of its files
        Map<String, PythonVersion> versions = new HashMap<>();
        List<Entry> entries = new ArrayList<>(files.size());
        for (JsonNode element : files) {
            entries.add(entry(element, project, known, versions));
        }
        if (!ascending(entries)) {
            entries.sort(Entry.ORDER);
            files.removeAll();
            entries.forEach(entry -> files.add(entry.file()));
        }
        if (root.get("versions") == null || !ascending(known, versions)) {
            ArrayNode array = root.putArray("versions");
            versionsOf(entries, known).forEach(array::add);
        }
    }

    private static boolean ascending(List<Entry> entries) {
        for (int i = 1; i < entries.size(); i++) {
            if (Entry.ORDER.compare(entries.get(i - 1), entries.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Entry entry(
            JsonNode element, String project, List<String> known, Map<String, PythonVersion> versions) {
        if (!(element instanceof ObjectNode file)) {
            throw new PageFormatException("an element of 'files' is " + element + " (expected: an object)");
        }
        String filename = PageMeta.text(file, "filename", "a file");
        PageMeta.text(file, "url", filename);
        if (!(file.get("hashes") instanceof ObjectNode)) {
            throw new PageFormatException(
                    "'hashes' of " + filename + " is not an object (expected: {…}, may be empty)");
        }
        String version = ReleaseFilename.versionOf(filename, project, known);
        return new Entry(versions.computeIfAbsent(version, PythonVersion::of), filename, file);
    }

    private static List<String> texts(@Nullable JsonNode array) {
        List<String> texts = new ArrayList<>();
        if (array instanceof ArrayNode) {
            for (JsonNode element : array) {
                texts.add(element.isString() ? element.stringValue() : element.toString());
            }
        }
        return texts;
    }

    private static boolean ascending(List<String> texts, Map<String, PythonVersion> versions) {
        PythonVersion last = null;
        for (String text : texts) {
            PythonVersion version = versions.computeIfAbsent(text, PythonVersion::of);
            if (last != null && last.compareTo(version) > 0) {
                return false;
            }
            last = version;
        }
        return true;
    }

    /** The versions of existing files, spelled as the page spelled them before. */
    private static Iterable<String> versionsOf(List<Entry> sorted, List<String> known) {
        SortedMap<PythonVersion, String> spelled = new TreeMap<>();
        known.forEach(text -> spelled.putIfAbsent(PythonVersion.of(text), text));
        SortedMap<PythonVersion, String> versions = new TreeMap<>();
        for (Entry entry : sorted) {
            if (!entry.version().toString().isEmpty()) {
                versions.putIfAbsent(
                        entry.version(),
                        spelled.getOrDefault(entry.version(), entry.version().toString()));
            }
        }
        return versions.values();
    }

    /** The JSON form. */
    public byte[] json() {
        return CanonicalJson.write(root);
    }

    /** The HTML form. Its white space is part of the format. */
    public byte[] html() {
        StringBuilder out = new StringBuilder(1024);
        out.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"");
        Html.escape(Html.version(PageMeta.apiVersion(root)), out).append("\">\n");
        appendStatus(out);
        Html.escape(name, out.append("    <title>Links for "))
                .append("</title>\n  </head>\n  <body>\n    <h1>Links for ");
        Html.escape(name, out).append("</h1>\n");
        for (JsonNode file : PageMeta.array(root, "files")) {
            appendFile((ObjectNode) file, out);
        }
        out.append("</body>\n</html>");
        serial().ifPresent(serial -> out.append("\n<!--SERIAL ").append(serial).append("-->"));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void appendStatus(StringBuilder out) {
        if (root.get("project-status") instanceof ObjectNode status) {
            appendMeta("pypi:project-status", PageMeta.optionalText(status, "status"), out);
            appendMeta("pypi:project-status-reason", PageMeta.optionalText(status, "reason"), out);
        }
    }

    private static void appendMeta(String name, @Nullable String content, StringBuilder out) {
        if (content != null) {
            out.append("<meta name=\"").append(name).append("\" content=\"");
            Html.escape(content, out).append("\">");
        }
    }

    private static void appendFile(ObjectNode file, StringBuilder out) {
        String url = PageMeta.text(file, "url", "a file");
        String hash = hash(file.get("hashes"));
        Html.escape(url, out.append("<a href=\""));
        if (hash != null && url.indexOf('#') < 0) {
            Html.escape(hash, out.append('#'));
        }
        out.append('"');
        appendAttribute("data-requires-python", PageMeta.optionalText(file, "requires-python"), out);
        appendAttribute("data-yanked", yanked(file.get("yanked")), out);
        String metadata = metadata(file.get("core-metadata"));
        if (metadata == null) {
            // the blank before the attributes that are not there
            out.append(' ');
        }
        appendAttribute("data-dist-info-metadata", metadata, out);
        appendAttribute("data-core-metadata", metadata, out);
        appendAttribute("data-provenance", PageMeta.optionalText(file, "provenance"), out);
        Html.escape(PageMeta.text(file, "filename", "a file"), out.append('>')).append("</a><br />\n");
    }

    private static void appendAttribute(String name, @Nullable String value, StringBuilder out) {
        if (value != null) {
            out.append(' ').append(name).append("=\"");
            Html.escape(value, out).append('"');
        }
    }

    /** The reason, "" for none given, null for not yanked. */
    private static @Nullable String yanked(@Nullable JsonNode value) {
        if (value == null || value.isNull() || (value.isBoolean() && !value.booleanValue())) {
            return null;
        }
        return value.isString() ? value.stringValue() : "";
    }

    private static @Nullable String metadata(@Nullable JsonNode value) {
        if (value == null || value.isNull() || (value.isBoolean() && !value.booleanValue())) {
            return null;
        }
        String hash = hash(value);
        return hash == null ? "true" : hash;
    }

    /** {@code algorithm=digest}, SHA-256 first, or null if there is none. */
    private static @Nullable String hash(@Nullable JsonNode hashes) {
        if (!(hashes instanceof ObjectNode object)) {
            return null;
        }
        String best = null;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            boolean preferred = best == null || entry.getKey().equals("sha256");
            if (preferred && entry.getValue().isString()) {
                best = entry.getKey() + "=" + entry.getValue().stringValue();
            }
        }
        return best;
    }
}
