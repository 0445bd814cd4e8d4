package dev.detour.config.yaml;

import dev.detour.config.yaml.Node.Entry;
import dev.detour.config.yaml.Node.Mapping;
import dev.detour.config.yaml.Node.Nothing;
import dev.detour.config.yaml.Node.Scalar;
import dev.detour.config.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads one YAML 1.2 document into {@link Node}s.
 *
 * <p>Anchors, aliases, merge keys and tags are refused: with them a value is no longer where its line number says, and
 * a small file can mean a huge one.
 */
public final class YamlReader {
    private static final YAMLFactory FACTORY = YAMLFactory.builder().build();

    private final YAMLParser parser;

    private YamlReader(YAMLParser parser) {
        this.parser = parser;
    }

    /** The document's root, or null if there is none (an empty file, or nothing but comments). */
    public static @Nullable Node read(String text) throws MalformedYamlException {
        refuseControlCharacters(text);
        try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
            YamlReader reader = new YamlReader(parser);
            if (parser.nextToken() == null) {
                return null;
            }
            Node root = reader.node();
            if (parser.nextToken() != null) {
                throw reader.malformed("a second document starts here; the file must hold only one");
            }
            return root;
        } catch (JacksonException e) {
            throw translated(e);
        }
    }

    private Node node() throws MalformedYamlException {
        refuseReferences();
        int line = line();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return mapping(line);
        }
        if (token == JsonToken.START_ARRAY) {
            return sequence(line);
        }
        return token == JsonToken.VALUE_NULL ? new Nothing(line) : new Scalar(line, parser.getString());
    }

    private Node mapping(int line) throws MalformedYamlException {
        List<Entry> entries = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            if (key.equals("<<")) {
                throw malformed("merge keys (<<) are not supported; write the values out");
            }
            parser.nextToken();
            entries.add(new Entry(keyLine, key, node()));
        }
        return new Mapping(line, entries);
    }

    private Node sequence(int line) throws MalformedYamlException {
        List<Node> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node());
        }
        return new Sequence(line, items);
    }

    private void refuseReferences() throws MalformedYamlException {
        if (parser.isCurrentAlias()) {
            throw malformed("aliases (*" + parser.getString() + ") are not supported; write the value out");
        }
        if (parser.getObjectId() != null) {
            throw malformed("anchors (&" + parser.getObjectId() + ") are not supported; write the value out");
        }
        if (parser.getTypeId() != null) {
            throw malformed("tags (" + parser.getRawTag() + ") are not supported; write the plain value");
        }
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private MalformedYamlException malformed(String sentence) {
        return new MalformedYamlException(line(), sentence);
    }

    private static MalformedYamlException translated(JacksonException e) {
        if (e.getCause() instanceof MarkedYamlEngineException marked
                && marked.getProblemMark().isPresent()) {
            return new MalformedYamlException(
                    marked.getProblemMark().get().getLine() + 1, sentence(marked.getProblem()));
        }
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        return new MalformedYamlException(line, sentence(e.getOriginalMessage()));
    }

    /* The parser's messages run over several lines, repeat positions, and sometimes speak of its own inside. */
    private static String sentence(@Nullable String message) {
        String first = message == null
                ? "not YAML"
                : message.strip().lines().findFirst().orElse("not YAML");
        if (first.contains("(TAB)")) {
            return "a tab stands where only spaces may";
        }
        if (first.startsWith("Expected a property name")) {
            return "a key is not a single value";
        }
        if (first.startsWith("Document nesting depth")) {
            return "nested too deep";
        }
        if (first.startsWith("Version{")) {
            return "the %YAML directive names a version other than 1.2";
        }
        return first.replaceFirst(" \\(Do not use .*", "");
    }

    /* The parser reads ahead, and so reports these at the wrong line. */
    private static void refuseControlCharacters(String text) throws MalformedYamlException {
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f) {
                throw new MalformedYamlException(line, String.format("control character U+%04X", (int) c));
            }
        }
    }
}
