package dev.detour.health.crl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one CRL in a PEM text (RFC 7468), decoded as it is read.
 *
 * <p>Text and blocks of other kinds around it are passed over; a second CRL is refused, because it would go unseen.
 */
final class PemSource implements ByteSource {
    private static final String BEGIN = "-----BEGIN X509 CRL-----";
    private static final String END = "-----END X509 CRL-----";
    /** Of longer lines only this much is looked at. */
    private static final int LINE = 100;

    private static final byte OTHER = -1;
    private static final byte SPACE = -2;
    private static final byte[] VALUES = values();

    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int filled;
    private long origin;
    private boolean begun;
    private boolean ended;
    private int bits;
    private int held;
    private int padding;

    PemSource(InputStream in) {
        this.in = in;
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, OTHER);
        byte[] alphabet =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < alphabet.length; i++) {
            values[alphabet[i]] = (byte) i;
        }
        for (char space : " \t\r\n".toCharArray()) {
            values[space] = SPACE;
        }
        return values;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException, CrlFormatException {
        if (!begun) {
            begin();
        }
        int at = from;
        int end = from + length;
        while (at < end && !ended) {
            if (position == filled && !fill()) {
                throw new CrlFormatException(
                        offset(), "truncated: the PEM ends at byte " + offset() + " before its line " + END);
            }
            at = quartets(target, at, end);
            if (at == end || position == filled) {
                continue;
            }
            int value = VALUES[buffer[position] & 0xff];
            if (value < 0) {
                special(value);
                continue;
            }
            if (padding > 0) {
                throw wrong("has base64 after its padding");
            }
            position++;
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                target[at++] = (byte) (bits >> held);
            }
        }
        return at == from && length > 0 ? -1 : at - from;
    }

    /** Decodes as long as four characters of base64 follow each other; gives where the next byte goes. */
    private int quartets(byte[] target, int from, int end) {
        int at = from;
        while (held == 0 && padding == 0 && end - at >= 3 && filled - position >= 4) {
            int three = VALUES[buffer[position] & 0xff] << 18
                    | VALUES[buffer[position + 1] & 0xff] << 12
                    | VALUES[buffer[position + 2] & 0xff] << 6
                    | VALUES[buffer[position + 3] & 0xff];
            if (three < 0) {
                break;
            }
            target[at] = (byte) (three >> 16);
            target[at + 1] = (byte) (three >> 8);
            target[at + 2] = (byte) three;
            at += 3;
            position += 4;
        }
        return at;
    }

    private void begin() throws IOException, CrlFormatException {
        String line = line();
        while (line != null && !line.equals(BEGIN)) {
            line = line();
        }
        if (line == null) {
            throw new CrlFormatException(
                    0, "byte 0 begins neither DER nor a PEM with a line " + BEGIN + " (expected: an X.509 CRL)");
        }
        begun = true;
    }

    private void special(int value) throws IOException, CrlFormatException {
        int character = buffer[position] & 0xff;
        if (value == SPACE) {
            position++;
        } else if (character == '=' && padding < 2) {
            position++;
            padding++;
        } else if (character == '-') {
            end();
        } else {
            throw wrong(String.format("has the byte 0x%02x", character));
        }
    }

    private void end() throws IOException, CrlFormatException {
        long start = offset();
        String line = line();
        if (!END.equals(line)) {
            throw new CrlFormatException(
                    start, "the PEM has another line at byte " + start + " (expected: " + END + ")");
        }
        ended = true;
        while (line != null) {
            start = offset();
            line = line();
            if (BEGIN.equals(line)) {
                throw new CrlFormatException(start, "the PEM has a second CRL at byte " + start + " (expected: one)");
            }
        }
    }

    private CrlFormatException wrong(String what) {
        return new CrlFormatException(offset(), "the PEM " + what + " at byte " + offset() + " (expected: base64)");
    }

    /** The beginning of the next line without its end, or null at the end of the text. */
    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        boolean any = false;
        while (position < filled || fill()) {
            any = true;
            char character = (char) (buffer[position++] & 0xff);
            if (character == '\n') {
                break;
            }
            if (line.length() < LINE) {
                line.append(character);
            }
        }
        return any ? line.toString().strip() : null;
    }

    private long offset() {
        return origin + position;
    }

    private boolean fill() throws IOException {
        origin += filled;
        position = 0;
        filled = Math.max(0, in.read(buffer, 0, buffer.length));
        return filled > 0;
    }
}
