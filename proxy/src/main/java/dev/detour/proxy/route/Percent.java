package dev.detour.proxy.route;

import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding (RFC 3986, 2.1) read in place.
 *
 * <p>Two paths are the same if their canonical units are: a unit is a character as it stands, or {@link #OCTET} plus the
 * value of an encoded octet. An octet that encodes an unreserved character is that character (6.2.2.2), so {@code %73} is
 * {@code s}, while {@code %2F} is never a slash and {@code %2f} is {@code %2F}.
 */
final class Percent {
    /** Added to the value of an octet that stands for itself only in encoded form. */
    static final int OCTET = 0x100;

    private Percent() {}

    /** The value of the octet encoded at {@code at}, or -1 if there is no complete {@code %XX} before {@code end}. */
    static int octet(String text, int at, int end) {
        if (at + 2 >= end || text.charAt(at) != '%') {
            return -1;
        }
        int high = Character.digit(text.charAt(at + 1), 16);
        int low = Character.digit(text.charAt(at + 2), 16);
        boolean ascii = text.charAt(at + 1) < 0x80 && text.charAt(at + 2) < 0x80;
        return high < 0 || low < 0 || !ascii ? -1 : (high << 4) | low;
    }

    /** The canonical unit of an encoded octet. */
    static int unit(int octet) {
        return isUnreserved(octet) ? octet : OCTET + octet;
    }

    /** The canonical unit of a character that is not part of an encoded octet; what is not ASCII is a raw octet. */
    static int unit(char raw) {
        return raw < 0x80 ? raw : OCTET + (raw & 0xff);
    }

    /** The canonical units of a literal of a template, which may hold any character. */
    static String canonical(String literal) {
        String octets = new String(literal.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        StringBuilder units = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            int octet = octet(octets, i, octets.length());
            units.append((char) (octet < 0 ? unit(octets.charAt(i)) : unit(octet)));
            i += octet < 0 ? 0 : 2;
        }
        return units.toString();
    }

    /** The characters that part of a path stands for; a {@code %} that encodes nothing stands for itself. */
    static String decode(String text, int from, int to) {
        int percent = text.indexOf('%', from);
        if (percent < 0 || percent >= to) {
            return text.substring(from, to);
        }
        byte[] octets = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            int octet = octet(text, i, to);
            octets[length++] = (byte) (octet < 0 ? text.charAt(i) : octet);
            i += octet < 0 ? 0 : 2;
        }
        return new String(octets, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }
}
