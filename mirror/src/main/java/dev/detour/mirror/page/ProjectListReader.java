package dev.detour.mirror.page;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads a project list in JSON project by project: the list of a whole index need not fit into memory. */
public final class ProjectListReader {
    private static final String PROJECTS = "projects";

    private ProjectListReader() {}

    /** Takes the projects of a list. */
    public interface Projects {
        /**
         * A project.
         *
         * @param project normalised name
         * @param serial {@code _last-serial}, or empty
         * @param json its entry, canonical
         */
        void add(String project, OptionalLong serial, String json);
    }

    /**
     * Reads a list to its end.
     *
     * @return all but the projects
     * @throws PageFormatException if it is not a project list, or was cut off
     */
    public static ObjectNode read(InputStream json, Projects projects) {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        StringBuilder text = new StringBuilder();
        each(() -> CanonicalJson.parser(json), head, parser -> addProject(CanonicalJson.value(parser), text, projects));
        PageMeta.apiVersion(head);
        return head;
    }

    /**
     * Reads a list value by value.
     *
     * @param head gets all but the projects
     * @param project takes one value of 'projects' from the parser
     */
    static void each(Supplier<JsonParser> json, ObjectNode head, Consumer<JsonParser> project) {
        try (JsonParser parser = json.get()) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PageFormatException("the document is not an object (expected: {…})");
            }
            boolean listed = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                boolean array = parser.nextToken() == JsonToken.START_ARRAY;
                if (!key.equals(PROJECTS)) {
                    head.set(key, CanonicalJson.value(parser));
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
            throw CanonicalJson.notJson(e);
        }
    }

    private static void addProject(JsonNode element, StringBuilder text, Projects projects) {
        if (!(element instanceof ObjectNode entry)) {
            throw new PageFormatException(
                    "an element of 'projects' is " + PageMeta.shown(element) + " (expected: an object)");
        }
        String project = ProjectName.normalise(PageMeta.text(entry, "name", "a project"));
        if (project == null) {
            // no request can ask for it
            return;
        }
        JsonNode serial = entry.get("_last-serial");
        OptionalLong number = serial != null && serial.isIntegralNumber()
                ? OptionalLong.of(serial.longValue())
                : OptionalLong.empty();
        text.setLength(0);
        CanonicalJson.append(entry, text);
        projects.add(project, number, text.toString());
    }
}
