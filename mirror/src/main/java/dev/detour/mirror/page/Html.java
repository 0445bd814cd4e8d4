package dev.detour.mirror.page;

/** Text escaped for HTML, with the entities the index uses: consumers compare pages byte for byte. */
final class Html {
    private Html() {}

    static StringBuilder escape(String text, StringBuilder out) {
        return isPlain(text) ? out.append(text) : escapeEach(text, out);
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // all five are below '?': one comparison for most characters
            if (c < '?' && (c == '&' || c == '<' || c == '>' || c == '\'' || c == '"')) {
                return false;
            }
        }
        return true;
    }

    private static StringBuilder escapeEach(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&#39;");
                case '"' -> out.append("&#34;");
                default -> out.append(c);
            }
        }
        return out;
    }

    /** The version an HTML page may claim: the HTML form is frozen at 1.4 (PEP 833), whatever the JSON form has grown to. */
    static String version(String apiVersion) {
        return apiVersion.matches("1\\.(?:[5-9]|[1-9][0-9]+)") ? "1.4" : apiVersion;
    }
}
