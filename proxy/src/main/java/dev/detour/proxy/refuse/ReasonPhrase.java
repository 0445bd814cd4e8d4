package dev.detour.proxy.refuse;

import org.jspecify.annotations.Nullable;

/** Text made fit for a status line: twine, Poetry, flit and others show nothing but this to their users. */
final class ReasonPhrase {
    static final int LONGEST = 200;

    private static final String ELLIPSIS = "...";

    private ReasonPhrase() {}

    /** {@code sentence}, cut if it has to be, then where to read more. An address that is itself too long is left out. */
    static String of(String sentence, @Nullable String statusUrl) {
        String text = latin(sentence);
        String url = statusUrl == null ? "" : latin(statusUrl);
        String pointer = url.isEmpty() || text.contains(url) ? "" : Wording.SEE + url;
        if (pointer.length() > LONGEST - 40) {
            pointer = "";
        }
        return cut(text, LONGEST - pointer.length()) + pointer;
    }

    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        return text.substring(0, longest - ELLIPSIS.length()).stripTrailing() + ELLIPSIS;
    }

    /** ISO-8859-1 without control characters. Typographic signs become their plain forms, other characters {@code ?}. */
    private static String latin(String text) {
        StringBuilder latin = new StringBuilder(text.length());
        Wording.oneLine(text).codePoints().forEach(c -> {
            switch (c) {
                case 0x2018, 0x2019 -> latin.append('\'');
                case 0x201c, 0x201d, 0x201e -> latin.append('"');
                case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014 -> latin.append('-');
                case 0x2026 -> latin.append(ELLIPSIS);
                default -> latin.append(c <= 0xff ? (char) c : '?');
            }
        });
        return latin.toString();
    }
}
