package dev.detour.proxy.refuse;

/** Text made safe inside XML and HTML, element content and quoted attributes alike. */
final class Markup {
    private Markup() {}

    /** Escapes what has a meaning; characters that XML 1.0 does not allow become U+FFFD. */
    static String escape(String text) {
        StringBuilder markup = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> markup.append("&amp;");
                case '<' -> markup.append("&lt;");
                case '>' -> markup.append("&gt;");
                case '"' -> markup.append("&quot;");
                case '\'' -> markup.append("&#39;");
                default -> markup.appendCodePoint(isXml(c) ? c : 0xfffd);
            }
        });
        return markup.toString();
    }

    private static boolean isXml(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || c >= 0x10000;
    }
}
