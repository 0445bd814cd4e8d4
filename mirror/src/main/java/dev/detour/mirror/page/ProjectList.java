package dev.detour.mirror.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of all projects, in both of its forms, each byte for byte as the index writes it: display names in the order of
 * their normalised forms, unknown keys carried through. Immutable.
 */
public final class ProjectList {
    private final ObjectNode root;

    private record Entry(String normalised, ObjectNode project) {}

    private ProjectList(ObjectNode root) {
        this.root = root;
        PageMeta.apiVersion(root);
        order();
    }

    /**
     * Takes over a tree.
     *
     * @throws PageFormatException if it is not a project list
     */
    public static ProjectList of(ObjectNode root) {
        return new ProjectList(root);
    }

    /**
     * Reads the JSON form.
     *
     * @throws PageFormatException if it is not a project list
     */
    public static ProjectList parse(byte[] json) {
        return of(CanonicalJson.readObject(json));
    }

    /**
     * The normalised names of a list in JSON form, without building its tree: the list of a whole index has a million
     * entries. Names that no project can have are left out.
     *
     * @throws PageFormatException if it is not a project list
     */
    public static Set<String> namesInJson(byte[] json) {
        try (JsonParser parser = CanonicalJson.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PageFormatException("the document is not an object (expected: {…})");
            }
            Set<String> names = null;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean projects = parser.currentName().equals("projects");
                if (parser.nextToken() == JsonToken.START_ARRAY && projects) {
                    names = names(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (names == null) {
                throw new PageFormatException("'projects' is missing (expected: an array)");
            }
            if (parser.nextToken() != null) {
                throw new PageFormatException("more than one JSON value");
            }
            return Set.copyOf(names);
        } catch (JacksonException e) {
            throw new PageFormatException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Set<String> names(JsonParser parser) {
        Set<String> names = new HashSet<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_OBJECT) {
                throw new PageFormatException("an element of 'projects' is " + token + " (expected: an object)");
            }
            boolean named = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean name = parser.currentName().equals("name");
                if (parser.nextToken() == JsonToken.VALUE_STRING && name) {
                    addNormalised(parser.getString(), names);
                    named = true;
                } else {
                    parser.skipChildren();
                }
            }
            if (!named) {
                throw new PageFormatException("'name' of a project is missing (expected: text)");
            }
        }
        return names;
    }

    /**
     * The normalised names of a list in HTML form.
     *
     * @throws PageFormatException if it was cut off before the end of the document
     */
    public static Set<String> namesInHtml(byte[] html) {
        String text = new String(html, StandardCharsets.UTF_8);
        if (!text.contains("</html>")) {
            throw new PageFormatException("the list has no </html> (expected: a complete document)");
        }
        Set<String> names = new HashSet<>();
        HtmlAnchor.each(text, anchor -> addNormalised(anchor.text(), names));
        return Set.copyOf(names);
    }

    private static void addNormalised(String spelled, Set<String> names) {
        String normalised = ProjectName.normalise(spelled);
        if (normalised != null) {
            names.add(normalised);
        }
    }

    /** The serial of the whole list, if it has one. */
    public OptionalLong serial() {
        return PageMeta.serial(root);
    }

    private void order() {
        ArrayNode projects = PageMeta.array(root, "projects");
        List<Entry> entries = new ArrayList<>(projects.size());
        boolean ascending = true;
        for (JsonNode element : projects) {
            if (!(element instanceof ObjectNode project)) {
                throw new PageFormatException("an element of 'projects' is " + element + " (expected: an object)");
            }
            String normalised = ProjectName.fold(PageMeta.text(project, "name", "a project"));
            ascending &= entries.isEmpty()
                    || entries.get(entries.size() - 1).normalised().compareTo(normalised) <= 0;
            entries.add(new Entry(normalised, project));
        }
        if (!ascending) {
            entries.sort(Comparator.comparing(Entry::normalised));
            projects.removeAll();
            entries.forEach(entry -> projects.add(entry.project()));
        }
    }

    /** The JSON form. */
    public byte[] json() {
        return CanonicalJson.write(root);
    }

    /** The HTML form. */
    public byte[] html() {
        StringBuilder out = new StringBuilder(1024);
        out.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"");
        Html.escape(Html.version(PageMeta.apiVersion(root)), out)
                .append("\">\n    <title>Simple index</title>\n  </head>\n  <body>\n");
        for (JsonNode project : PageMeta.array(root, "projects")) {
            String name = PageMeta.text((ObjectNode) project, "name", "a project");
            Html.escape(ProjectName.fold(name), out.append("<a href=\"/simple/"))
                    .append("/\">");
            Html.escape(name, out).append("</a>\n");
        }
        return out.append("</body>\n</html>").toString().getBytes(StandardCharsets.UTF_8);
    }
}
