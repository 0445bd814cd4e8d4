package dev.detour.mirror.capture;

import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectName;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What every captured answer has to be. */
final class Received {
    private static final int SERIAL_DIGITS = 18;

    private Received() {}

    /** The media type must be one of these. */
    static void requireType(CapturedAnswer answer, Set<String> types) {
        String type = answer.contentType();
        int semicolon = type.indexOf(';');
        String bare =
                (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        if (!types.contains(bare)) {
            throw new PageFormatException(
                    "Content-Type is '" + bare + "' (expected: " + String.join(" or ", types) + ")");
        }
    }

    /** The name it gives must be one of the project's spellings. */
    static void requireName(@Nullable JsonNode name, String project) {
        String spelled = name != null && name.isString() ? name.stringValue() : null;
        if (spelled == null || !project.equals(ProjectName.normalise(spelled))) {
            throw new PageFormatException("its name is " + name + " (expected: a spelling of " + project + ")");
        }
    }

    /** The one serial that header and body give; two different ones are two answers mixed up. */
    static OptionalLong serial(CapturedAnswer answer, OptionalLong own) {
        String header = answer.lastSerial();
        if (header == null) {
            return own;
        }
        if (header.isEmpty()
                || header.length() > SERIAL_DIGITS
                || !header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new PageFormatException("X-PyPI-Last-Serial is '" + header + "' (expected: a number)");
        }
        long serial = Long.parseLong(header);
        if (own.isPresent() && own.getAsLong() != serial) {
            throw new PageFormatException(
                    "X-PyPI-Last-Serial is " + serial + " (expected: that of the body, " + own.getAsLong() + ")");
        }
        return OptionalLong.of(serial);
    }
}
