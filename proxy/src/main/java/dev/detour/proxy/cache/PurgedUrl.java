package dev.detour.proxy.cache;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address whose answers are to be forgotten.
 *
 * @param host as a client would name it in {@code Host}, or null for every host
 * @param target path and query
 */
record PurgedUrl(@Nullable String host, String target) {
    private static final Pattern ABSOLUTE =
            Pattern.compile("https?://([^/?#@]+)((?:[/?][^#]*)?)(?:#.*)?", Pattern.CASE_INSENSITIVE);

    /**
     * Reads an address. A fragment means nothing: no client sends it.
     *
     * @param url {@code https://host/path?query}, or {@code /path?query} for every host
     * @throws IllegalArgumentException if it is neither, or has user information, which no answer is kept by
     */
    static PurgedUrl of(String url) {
        if (url.startsWith("/")) {
            return new PurgedUrl(null, url);
        }
        Matcher absolute = ABSOLUTE.matcher(url);
        if (!absolute.matches()) {
            throw new IllegalArgumentException("url: " + url
                    + " (expected: http or https URL without user information, or path that begins with /)");
        }
        String rest = absolute.group(2);
        return new PurgedUrl(absolute.group(1), rest.startsWith("/") ? rest : "/" + rest);
    }
}
