package dev.detour.health.crl;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/** CRLs as text. */
final class Pem {
    private Pem() {}

    static String of(byte[] der) {
        return "-----BEGIN X509 CRL-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END X509 CRL-----\n";
    }

    /** The text, without a copy of what may be large. */
    static InputStream around(byte[] base64) {
        return new SequenceInputStream(Collections.enumeration(List.of(
                stream("-----BEGIN X509 CRL-----\n"),
                new ByteArrayInputStream(base64),
                stream("\n-----END X509 CRL-----\n"))));
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
