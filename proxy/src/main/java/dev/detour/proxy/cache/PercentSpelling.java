package dev.detour.proxy.cache;

/** The one spelling of percent-encoded text (RFC 3986 6.2.2.1 and 6.2.2.2). */
final class PercentSpelling {
    private static final String DIGITS = "0123456789ABCDEF";

    private PercentSpelling() {}

    /**
     * The text with encoded unreserved characters decoded and other octets in upper-case digits. Text in which a percent
     * sign encodes nothing is left as it is: decoding part of it could make new octets out of what stands around.
     */
    static String normalise(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder spelled = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                spelled.append(c);
                continue;
            }
            int octet = i + 2 < text.length() ? (digit(text.charAt(i + 1)) << 4) | digit(text.charAt(i + 2)) : -1;
            if (octet < 0) {
                return text;
            }
            if (isUnreserved(octet)) {
                spelled.append((char) octet);
            } else {
                spelled.append('%').append(DIGITS.charAt(octet >> 4)).append(DIGITS.charAt(octet & 15));
            }
            i += 2;
        }
        return spelled.toString();
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || "-._~".indexOf(octet) >= 0;
    }
}
