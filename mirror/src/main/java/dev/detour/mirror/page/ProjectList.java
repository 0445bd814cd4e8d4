package dev.detour.mirror.page;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The list of all projects, in both of its forms, each byte for byte as the index writes it: display names in the order of
 * their normalised forms, unknown keys carried through. Immutable.
 */
public final class ProjectList {
    private static final String PROJECTS = "projects";

    private final ObjectNode rest;
    private final List<Entry> entries;

    /** A project, already written: a million of them as trees would take a gigabyte. */
    private record Entry(String normalised, String name, String json) {}

    private ProjectList(ObjectNode rest, List<Entry> entries) {
        this.rest = rest;
        this.entries = entries;
        PageMeta.apiVersion(rest);
    }

    /**
     * Reads the JSON form.
     *
     * @throws PageFormatException if it is not a project list
     */
    public static ProjectList parse(byte[] json) {
        return parse(json, rest -> {});
    }

    /**
     * Reads the JSON form.
     *
     * @param repair may change all but the projects
     * @throws PageFormatException if it is not a project list
     */
    public static ProjectList parse(byte[] json, Consumer<ObjectNode> repair) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        List<Entry> entries = new ArrayList<>();
        read(json, rest, parser -> entries.add(entry(CanonicalJson.value(parser))));
        repair.accept(rest);
        if (!ascending(entries)) {
            entries.sort(Comparator.comparing(Entry::normalised));
        }
        return new ProjectList(rest, entries);
    }

    private static Entry entry(JsonNode element) {
        if (!(element instanceof ObjectNode project)) {
            throw new PageFormatException("an element of 'projects' is " + element + " (expected: an object)");
        }
        String name = PageMeta.text(project, "name", "a project");
        String normalised = ProjectName.fold(name);
        StringBuilder json = new StringBuilder(64);
        CanonicalJson.append(project, json);
        return new Entry(normalised, normalised.equals(name) ? normalised : name, json.toString());
    }

    private static boolean ascending(List<Entry> entries) {
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).normalised().compareTo(entries.get(i).normalised()) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Reads a list element by element: the consumer takes one value of 'projects' from the parser, the rest goes into a tree. */
    private static void read(byte[] json, ObjectNode rest, Consumer<JsonParser> project) {
        try (JsonParser parser = CanonicalJson.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PageFormatException("the document is not an object (expected: {…})");
            }
            boolean listed = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                boolean array = parser.nextToken() == JsonToken.START_ARRAY;
                if (!key.equals(PROJECTS)) {
                    rest.set(key, CanonicalJson.value(parser));
                    continue;
                }
                if (!array || listed) {
                    throw new PageFormatException("'projects' is " + parser.currentToken() + " (expected: one array)");
                }
                listed = true;
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    project.accept(parser);
                }
            }
            if (!listed) {
                throw new PageFormatException("'projects' is missing (expected: an array)");
            }
            if (parser.nextToken() != null) {
                throw new PageFormatException("more than one JSON value");
            }
        } catch (JacksonException e) {
            throw new PageFormatException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The normalised names of a list in JSON form, without building its tree: the list of a whole index has a million
     * entries. Names that no project can have are left out.
     *
     * @throws PageFormatException if it is not a project list
     */
    public static Set<String> namesInJson(byte[] json) {
        Set<String> names = new HashSet<>();
        read(json, JsonNodeFactory.instance.objectNode(), parser -> addNormalised(name(parser), names));
        return Set.copyOf(names);
    }

    private static String name(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new PageFormatException(
                    "an element of 'projects' is " + parser.currentToken() + " (expected: an object)");
        }
        String name = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isName = parser.currentName().equals("name");
            if (parser.nextToken() == JsonToken.VALUE_STRING && isName) {
                name = parser.getString();
            } else {
                parser.skipChildren();
            }
        }
        if (name == null) {
            throw new PageFormatException("'name' of a project is missing (expected: text)");
        }
        return name;
    }

    /**
     * The normalised names of a list in HTML form.
     *
     * @throws PageFormatException if it was cut off before the end of the document
     */
    public static Set<String> namesInHtml(byte[] html) {
        HtmlAnswer.requireComplete(html);
        Set<String> names = new HashSet<>();
        HtmlAnchor.each(new String(html, StandardCharsets.UTF_8), anchor -> addNormalised(anchor.text(), names));
        return Set.copyOf(names);
    }

    private static void addNormalised(String spelled, Set<String> names) {
        String normalised = ProjectName.normalise(spelled);
        if (normalised != null) {
            names.add(normalised);
        }
    }

    /** The list without the projects that {@code leftOut} names, which is given normalised names. */
    public ProjectList without(Predicate<String> leftOut) {
        List<Entry> others = entries.stream()
                .filter(entry -> !leftOut.test(entry.normalised()))
                .toList();
        return others.size() == entries.size() ? this : new ProjectList(rest, others);
    }

    /** How an entry in its JSON form spells the project's name. */
    static String displayName(String entry) {
        return PageMeta.text(CanonicalJson.readObject(entry.getBytes(StandardCharsets.UTF_8)), "name", "a project");
    }

    /** The serial of the whole list, if it has one. */
    public OptionalLong serial() {
        return PageMeta.serial(rest);
    }

    /** The JSON form. */
    public byte[] json() {
        SortedSet<String> keys = new TreeSet<>(CanonicalJson.CODE_POINTS);
        keys.addAll(rest.propertyNames());
        keys.add(PROJECTS);
        StringBuilder out = new StringBuilder(1024);
        char separator = '{';
        for (String key : keys) {
            CanonicalJson.appendString(key, out.append(separator));
            out.append(':');
            if (key.equals(PROJECTS)) {
                appendProjects(out);
            } else {
                CanonicalJson.append(rest.required(key), out);
            }
            separator = ',';
        }
        return out.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void appendProjects(StringBuilder out) {
        char separator = '[';
        for (Entry entry : entries) {
            out.append(separator).append(entry.json());
            separator = ',';
        }
        out.append(entries.isEmpty() ? "[]" : "]");
    }

    /** The HTML form. */
    public byte[] html() {
        StringBuilder out = new StringBuilder(1024);
        out.append(
                "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"");
        Html.escape(Html.version(PageMeta.apiVersion(rest)), out)
                .append("\">\n    <title>Simple index</title>\n  </head>\n  <body>\n");
        for (Entry entry : entries) {
            Html.escape(entry.normalised(), out.append("<a href=\"/simple/")).append("/\">");
            Html.escape(entry.name(), out).append("</a>\n");
        }
        return out.append("</body>\n</html>").toString().getBytes(StandardCharsets.UTF_8);
    }
}
