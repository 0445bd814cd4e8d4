package dev.detour.mirror.document;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a wheel's {@code METADATA} says for a resolver (core metadata specification; the format is that of mail headers).
 *
 * @param version "" if it has none
 */
public record CoreMetadata(
        String version, @Nullable String requiresPython, List<String> requiresDist, List<String> providesExtra) {
    /** Larger files are no metadata. */
    public static final long MAX_BYTES = 8L << 20;

    static CoreMetadata parse(byte[] file) {
        return parse(new String(file, StandardCharsets.UTF_8));
    }

    static CoreMetadata parse(String text) {
        String version = "";
        String requiresPython = null;
        List<String> requiresDist = new ArrayList<>();
        List<String> providesExtra = new ArrayList<>();
        for (String header : headers(text)) {
            int colon = header.indexOf(':');
            if (colon <= 0) {
                continue;
            }
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "version" -> version = value;
                case "requires-python" -> requiresPython = value;
                case "requires-dist" -> requiresDist.add(value);
                case "provides-extra" -> providesExtra.add(value);
                default -> {
                    // for people, not for resolvers
                }
            }
        }
        return new CoreMetadata(version, requiresPython, List.copyOf(requiresDist), List.copyOf(providesExtra));
    }

    /** The headers, continuation lines joined, up to the empty line before the description. */
    private static List<String> headers(String text) {
        List<String> headers = new ArrayList<>();
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.isEmpty()) {
                break;
            }
            int last = headers.size() - 1;
            if (last >= 0 && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                headers.set(last, headers.get(last) + " " + line.strip());
            } else {
                headers.add(line);
            }
        }
        return headers;
    }
}
