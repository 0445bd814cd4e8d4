package dev.detour.health.crl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * Who issued a CRL.
 *
 * @param text in the notation of RFC 2253; what a terminal might obey is replaced by question marks
 */
record IssuerName(X500Principal principal, String text) {
    private static final int LONGEST = 32 * 1024;
    private static final int ONE_OCTET = 0x80;
    private static final int TWO_OCTETS = 0x100;
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    static IssuerName read(DerInput in, long limit) throws IOException, CrlFormatException {
        long at = in.offset();
        byte[] content = in.element(DerInput.SEQUENCE, LONGEST, "the issuer", limit);
        try {
            X500Principal principal = new X500Principal(encoded(content));
            String text =
                    INVISIBLE.matcher(principal.getName(X500Principal.RFC2253)).replaceAll("?");
            return new IssuerName(principal, text);
        } catch (RuntimeException e) {
            // the JDK's decoder does not promise which of them a stranger's bytes make it throw
            throw new CrlFormatException(at, "the issuer at byte " + at + " is not a name (expected: one of X.501)");
        }
    }

    private static byte[] encoded(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
        out.write(DerInput.SEQUENCE);
        if (content.length >= TWO_OCTETS) {
            out.write(0x82);
            out.write(content.length >> 8);
        } else if (content.length >= ONE_OCTET) {
            out.write(0x81);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }
}
