package dev.detour.app.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON as commands print it. */
final class Json {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** The value, indented for a reader, with a line end. */
    static String line(Object value) {
        return MAPPER.writeValueAsString(value) + "\n";
    }

    /** The value on a single line, for a reader that takes one value after the other. */
    static String compactLine(Object value) {
        return MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value) + "\n";
    }
}
