package dev.detour.mirror.interchange;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The first line of a pages file.
 *
 * @param list the project list without its projects
 * @param taken when the index's list was asked for that the pages agree with, or null if nobody knows
 */
record PagesHead(ObjectNode list, @Nullable Instant taken) {
    private static final String KEY = "detour-pages";
    private static final int FORMAT = 1;

    static PagesHead parse(byte[] line) {
        ObjectNode root = CanonicalJson.readObject(line);
        JsonNode own = root.remove(KEY);
        if (own == null
                || !own.path("format").isIntegralNumber()
                || own.path("format").intValue() != FORMAT) {
            throw new PageFormatException("'" + KEY + "' of the first line is " + own + " (expected: {\"format\":"
                    + FORMAT + ",…}, as in every pages file)");
        }
        return new PagesHead(root, time(own.get("taken")));
    }

    private static @Nullable Instant time(@Nullable JsonNode taken) {
        if (taken == null || taken.isNull()) {
            return null;
        }
        try {
            return Instant.parse(taken.asString());
        } catch (DateTimeParseException e) {
            throw new PageFormatException(
                    "'taken' of the first line is " + taken + " (expected: 2026-01-31T12:00:00Z)");
        }
    }

    byte[] line() {
        ObjectNode line = list.deepCopy();
        ObjectNode own = line.putObject(KEY).put("format", FORMAT);
        if (taken != null) {
            own.put("taken", taken.toString());
        }
        return CanonicalJson.write(line);
    }
}
