package dev.detour.mirror.remote;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The URL of the directory that holds {@code simple/}.
 *
 * @param base ends with a slash
 */
record Location(URI base) {
    private static final String UNRESERVED = "-._~";

    /**
     * Reads what an operator wrote.
     *
     * @throws IllegalArgumentException if no tree can be there
     */
    static Location of(URI url) {
        String scheme = url.getScheme();
        boolean web = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException("the URL of a mirror is " + url
                    + " (expected: http://… or https://…, the directory that holds simple/)");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the URL of the mirror at " + url.getHost()
                    + " has a user, a query or a fragment (expected: none of them)");
        }
        String text = url.toString();
        return new Location(URI.create(text.endsWith("/") ? text : text + "/"));
    }

    /** Where a file is; every character that a server could read otherwise is encoded, "+" for buckets too. */
    URI of(String relative) {
        StringBuilder encoded = new StringBuilder(relative.length() + 16);
        for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0 || c == '/');
            if (plain) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return URI.create(base + encoded.toString());
    }

    /** For messages: without the final slash. */
    String place() {
        String text = base.toString();
        return text.substring(0, text.length() - 1);
    }
}
