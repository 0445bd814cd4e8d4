package dev.detour.mirror.page;

import java.io.IOException;
import java.io.Writer;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a project list project by project, in the bytes of {@link ProjectList}: the list of a whole index need not fit into
 * memory. The caller's writer is UTF-8, is buffered, and stays open.
 */
public abstract sealed class ProjectListWriter {
    final Writer out;
    final ObjectNode head;

    private ProjectListWriter(Writer out, ObjectNode head) {
        this.out = out;
        this.head = head;
    }

    /** The JSON form; {@code head} is all but the projects. */
    public static ProjectListWriter json(Writer out, ObjectNode head) throws IOException {
        return new Document(out, head);
    }

    /** The HTML form. */
    public static ProjectListWriter html(Writer out, ObjectNode head) throws IOException {
        return new Page(out, head);
    }

    /**
     * The next project, in the order of normalised names.
     *
     * @param entry as the index wrote it, canonical
     */
    public abstract void add(String project, String entry) throws IOException;

    /** After the last project. */
    public abstract void end() throws IOException;

    private static final class Document extends ProjectListWriter {
        private char separator = '[';

        Document(Writer out, ObjectNode head) throws IOException {
            super(out, head);
            StringBuilder text = new StringBuilder("{");
            for (String key : keys().headSet("projects")) {
                append(key, text);
                text.append(',');
            }
            out.append(text).append("\"projects\":");
        }

        private SortedSet<String> keys() {
            SortedSet<String> keys = new TreeSet<>(CanonicalJson.CODE_POINTS);
            keys.addAll(head.propertyNames());
            keys.remove("projects");
            return keys;
        }

        private void append(String key, StringBuilder text) {
            CanonicalJson.appendString(key, text);
            CanonicalJson.append(head.required(key), text.append(':'));
        }

        @Override
        public void add(String project, String entry) throws IOException {
            out.append(separator).append(entry);
            separator = ',';
        }

        @Override
        public void end() throws IOException {
            StringBuilder text = new StringBuilder(separator == '[' ? "[]" : "]");
            for (String key : keys().tailSet("projects")) {
                append(key, text.append(','));
            }
            out.append(text).append("}\n");
        }
    }

    private static final class Page extends ProjectListWriter {
        Page(Writer out, ObjectNode head) throws IOException {
            super(out, head);
            StringBuilder text = new StringBuilder(
                    "<!DOCTYPE html>\n<html lang=\"en\">\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"");
            Html.escape(Html.version(PageMeta.apiVersion(head)), text);
            out.append(text).append("\">\n    <title>Simple index</title>\n  </head>\n  <body>\n");
        }

        @Override
        public void add(String project, String entry) throws IOException {
            StringBuilder text = new StringBuilder("<a href=\"/simple/");
            Html.escape(project, text).append("/\">");
            Html.escape(ProjectList.displayName(entry), text).append("</a>\n");
            out.append(text);
        }

        @Override
        public void end() throws IOException {
            out.append("</body>\n</html>");
        }
    }
}
