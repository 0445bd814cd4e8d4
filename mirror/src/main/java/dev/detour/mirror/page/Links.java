package dev.detour.mirror.page;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Links of a page as a client follows them (RFC 3986, 5.2), however badly they are written. */
final class Links {
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern ABOVE_ROOT = Pattern.compile("^(?:/\\.\\.)+(?=/)");

    private Links() {}

    /** A link in absolute form; one that is absolute already stays as it is written. */
    static String absolute(String link, URI base) {
        return ABSOLUTE.matcher(link).matches() ? link : resolve(base, link).toString();
    }

    static URI resolve(URI base, String link) {
        try {
            URI root = base.getRawPath() == null || base.getRawPath().isEmpty() ? base.resolve("/") : base;
            URI resolved = root.resolve(new URI(encoded(link.strip())));
            String path = resolved.getRawPath();
            if (path == null || !path.startsWith("/..")) {
                return resolved;
            }
            // a browser drops what would climb above the root, java.net.URI keeps it
            String query = resolved.getRawQuery() == null ? "" : "?" + resolved.getRawQuery();
            return new URI(resolved.getScheme() + "://" + resolved.getRawAuthority()
                    + ABOVE_ROOT.matcher(path).replaceFirst("") + query);
        } catch (URISyntaxException e) {
            throw new PageFormatException(
                    "the link '" + link + "' is no URL: " + e.getReason() + " (expected: a URL)", e);
        }
    }

    private static String encoded(String link) {
        StringBuilder out = new StringBuilder(link.length());
        for (int i = 0; i < link.length(); i++) {
            char c = link.charAt(i);
            boolean stray = c == '%' && !isHexPair(link, i + 1);
            if (c <= ' ' || c == 0x7f || "\"<>\\^`{|}[]".indexOf(c) >= 0 || stray) {
                out.append(String.format("%%%02X", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static boolean isHexPair(String text, int at) {
        return at + 2 <= text.length()
                && Character.digit(text.charAt(at), 16) >= 0
                && Character.digit(text.charAt(at + 1), 16) >= 0;
    }

    /** The last segment of a link's path, decoded; "" if the path ends with a slash. */
    static String lastSegment(String link) {
        int end = link.length();
        for (char stop : new char[] {'#', '?'}) {
            int at = link.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        String segment = link.substring(link.lastIndexOf('/', end - 1) + 1, end);
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
