package dev.detour.health.certificate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Extensions of a certificate (RFC 5280 4.2) that the JDK hands over undecoded. What cannot be read is not there. */
final class CertificateExtensions {
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String CRL_POINTS = "2.5.29.31";
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CONSTRUCTED = 0x20;
    /** Both are {@code [0]}: the key identifier is primitive, the name of a distribution point is not. */
    private static final int KEY_IDENTIFIER = 0x80;

    private static final int URI = 0x86;
    private static final int DEEPEST = 8;

    private CertificateExtensions() {}

    /** The identifier of the issuer's key, in hexadecimal. */
    static @Nullable String authorityKey(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        elements(certificate.getExtensionValue(AUTHORITY_KEY), (tag, value) -> {
            if (tag == KEY_IDENTIFIER && found.isEmpty()) {
                found.add(HexFormat.of().formatHex(value));
            }
        });
        return found.isEmpty() ? null : found.get(0);
    }

    /** The URLs of the CRL distribution points. */
    static List<String> crlUrls(X509Certificate certificate) {
        List<String> found = new ArrayList<>();
        elements(certificate.getExtensionValue(CRL_POINTS), (tag, value) -> {
            if (tag == URI) {
                found.add(new String(value, StandardCharsets.ISO_8859_1));
            }
        });
        return List.copyOf(found);
    }

    private static void elements(byte @Nullable [] extension, BiConsumer<Integer, byte[]> primitive) {
        if (extension != null) {
            walk(ByteBuffer.wrap(extension), 0, primitive);
        }
    }

    /** Every primitive element, in order; stops where the lengths make no sense. */
    private static void walk(ByteBuffer der, int depth, BiConsumer<Integer, byte[]> primitive) {
        while (der.remaining() >= 2 && depth <= DEEPEST) {
            int tag = der.get() & 0xff;
            int length = length(der);
            if (length < 0 || length > der.remaining()) {
                return;
            }
            ByteBuffer value = der.slice(der.position(), length);
            der.position(der.position() + length);
            boolean wrapped = tag == OCTETS && depth == 0;
            if ((tag & CONSTRUCTED) != 0 || tag == SEQUENCE || wrapped) {
                walk(value, depth + 1, primitive);
            } else {
                byte[] bytes = new byte[length];
                value.get(bytes);
                primitive.accept(tag, bytes);
            }
        }
    }

    private static int length(ByteBuffer der) {
        int first = der.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 3 || bytes > der.remaining()) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | (der.get() & 0xff);
        }
        return length;
    }
}
