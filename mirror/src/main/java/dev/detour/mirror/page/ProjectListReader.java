package dev.detour.mirror.page;

import java.io.InputStream;
import java.util.OptionalLong;
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
        try (JsonParser parser = CanonicalJson.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PageFormatException("the document is not an object (expected: {…})");
            }
            boolean listed = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = parser.currentName();
                boolean array = parser.nextToken() == JsonToken.START_ARRAY;
                if (!key.equals(PROJECTS)) {
                    head.set(key, CanonicalJson.value(parser));
                } else if (array && !listed) {
                    listed = true;
                    readProjects(parser, projects);
                } else {
                    throw new PageFormatException("'projects' is " + parser.currentToken() + " (expected: one array)");
                }
            }
            if (!listed) {
                throw new PageFormatException("'projects' is missing (expected: an array)");
            }
            PageMeta.apiVersion(head);
            return head;
        } catch (JacksonException e) {
            throw new PageFormatException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void readProjects(JsonParser parser, Projects projects) {
        StringBuilder text = new StringBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!(CanonicalJson.value(parser) instanceof ObjectNode entry)) {
                throw new PageFormatException("an element of 'projects' is no object (expected: {…})");
            }
            String name = PageMeta.text(entry, "name", "a project");
            String normalised = ProjectName.normalise(name);
            if (normalised == null) {
                // no request can ask for it
                continue;
            }
            JsonNode serial = entry.get("_last-serial");
            text.setLength(0);
            CanonicalJson.append(entry, text);
            projects.add(
                    normalised,
                    serial != null && serial.isIntegralNumber()
                            ? OptionalLong.of(serial.longValue())
                            : OptionalLong.empty(),
                    text.toString());
        }
    }
}
