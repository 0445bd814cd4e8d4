package dev.detour.app.cli;

import dev.detour.config.mode.Mode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The values that options and arguments take. */
final class Words {
    private Words() {}

    static Mode mode(String text) {
        Mode mode = Mode.ofLabel(text);
        if (mode == null) {
            throw new TypeConversionException("\"" + text + "\" (expected: one of " + Mode.labels() + ")");
        }
        return mode;
    }

    /** A point in time; one without an offset is in the zone of the person at the terminal. */
    static Instant instant(String text, ZoneId zone) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException withoutOffset) {
            try {
                return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant();
            } catch (DateTimeException e) {
                throw new TypeConversionException("\"" + text
                        + "\" (expected: a time such as 2026-01-31T18:00, which is local, or 2026-01-31T18:00Z)");
            }
        }
    }

    static URI url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (URISyntaxException e) {
            // answered below: what is expected helps more than what the parser met
        }
        throw new TypeConversionException("\"" + text + "\" (expected: a URL such as http://127.0.0.1:9901)");
    }

    /** A TCP port; 0 lets the kernel choose one. */
    static final class Port implements ITypeConverter<Integer> {
        private static final int LARGEST = 65_535;

        @Override
        public Integer convert(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= LARGEST) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // answered below, as a number out of range is
            }
            throw new TypeConversionException("\"" + text + "\" (expected: a port from 0 to " + LARGEST + ")");
        }
    }

    /** What {@code maintenance} takes, as the mode it means. */
    static final class Maintenance implements ITypeConverter<Mode> {
        @Override
        public Mode convert(String text) {
            if ("on".equals(text)) {
                return Mode.READ_ONLY;
            }
            if ("off".equals(text)) {
                return Mode.NORMAL;
            }
            throw new TypeConversionException("\"" + text + "\" (expected: on or off)");
        }
    }
}
