package dev.detour.health.crl;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The extensions of a CRL (RFC 5280 5.2) that matter here: its number, its issuer's key, and whether it is a delta. */
final class CrlExtensions {
    static final int TAG = 0xa0;

    private static final int KEY_IDENTIFIER = 0x80;
    private static final int LONGEST_IDENTIFIER = 64;
    /** 20 by RFC 5280 5.2.3. */
    private static final int LONGEST_NUMBER = 64;

    private static final int LONGEST_KEY = 512;
    private static final String NUMBER = "551d14";
    private static final String DELTA = "551d1b";
    private static final String AUTHORITY_KEY = "551d23";

    private @Nullable BigInteger number;
    private @Nullable String authorityKey;
    private boolean delta;

    @Nullable BigInteger number() {
        return number;
    }

    @Nullable String authorityKey() {
        return authorityKey;
    }

    boolean delta() {
        return delta;
    }

    /** Reads all of them. */
    void read(DerInput in, long limit) throws IOException, CrlFormatException {
        long outer = in.expect(TAG, "the extensions of the CRL", limit);
        long end = in.expect(DerInput.SEQUENCE, "the extensions of the CRL", outer);
        in.finish(outer, end, "the extensions of the CRL");
        while (in.offset() < end) {
            long extension = in.expect(DerInput.SEQUENCE, "an extension of the CRL", end);
            String identifier = HexFormat.of()
                    .formatHex(in.element(
                            DerInput.OBJECT_IDENTIFIER, LONGEST_IDENTIFIER, "the name of an extension", extension));
            if (in.peek(extension) == DerInput.BOOLEAN) {
                in.element(DerInput.BOOLEAN, 1, "whether an extension is critical", extension);
            }
            long value = in.expect(DerInput.OCTET_STRING, "the value of an extension", extension);
            in.finish(extension, value, "an extension of the CRL");
            value(in, identifier, value);
        }
    }

    private void value(DerInput in, String identifier, long end) throws IOException, CrlFormatException {
        switch (identifier) {
            case NUMBER -> number = integer(in, "the CRL number", end);
            case AUTHORITY_KEY -> authorityKey = key(in, end);
            case DELTA -> delta = true;
            default -> {
                // says nothing that is asked for here
            }
        }
        in.skipTo(end, "the value of an extension");
    }

    private static BigInteger integer(DerInput in, String what, long limit) throws IOException, CrlFormatException {
        long start = in.offset();
        byte[] octets = in.element(DerInput.INTEGER, LONGEST_NUMBER, what, limit);
        if (octets.length == 0) {
            throw new CrlFormatException(start, what + " at byte " + start + " is empty (expected: an integer)");
        }
        return new BigInteger(octets);
    }

    private static @Nullable String key(DerInput in, long limit) throws IOException, CrlFormatException {
        long end = in.expect(DerInput.SEQUENCE, "the authority key identifier", limit);
        return in.peek(end) == KEY_IDENTIFIER
                ? HexFormat.of().formatHex(in.element(KEY_IDENTIFIER, LONGEST_KEY, "the authority key identifier", end))
                : null;
    }
}
