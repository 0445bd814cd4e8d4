package dev.detour.health.certificate;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Private keys beside certificates, as far as it takes to tell whether they belong together. They are never kept. */
final class PrivateKeys {
    private static final byte[] PROBE = {'d', 'e', 't', 'o', 'u', 'r'};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;

    private PrivateKeys() {}

    /** A key as it stands in a PEM block. */
    static final class Encoded {
        private final String label;
        private final byte[] der;

        /** The label is PRIVATE KEY (PKCS#8), RSA PRIVATE KEY (PKCS#1), EC PRIVATE KEY (SEC 1), or another. */
        Encoded(String label, byte[] der) {
            this.label = label;
            this.der = der;
        }
    }

    /** Whether anything can be said about the key: it is not encrypted, and of a form known here. */
    static boolean readable(Encoded key) {
        return switch (key.label) {
            case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY" -> true;
            default -> false;
        };
    }

    static boolean belongs(Encoded key, X509Certificate certificate) {
        PublicKey open = certificate.getPublicKey();
        PrivateKey secret = readable(key) ? decoded(key, open) : null;
        return secret != null && belongs(secret, open);
    }

    static boolean belongs(PrivateKey secret, PublicKey open) {
        if (secret instanceof RSAPrivateKey one && open instanceof RSAPublicKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        String algorithm = switch (open.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            case "DSA" -> "SHA256withDSA";
            default -> null;
        };
        try {
            return algorithm != null && signs(secret, open, algorithm);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean signs(PrivateKey secret, PublicKey open, String algorithm) throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(secret);
        signer.update(PROBE);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(open);
        verifier.update(PROBE);
        return verifier.verify(signature);
    }

    /** Null if it is no key of the kind that {@code open} is of. */
    private static @Nullable PrivateKey decoded(Encoded key, PublicKey open) {
        boolean legacy = !key.label.equals("PRIVATE KEY");
        if (legacy && !key.label.startsWith(open.getAlgorithm() + " ")) {
            return null;
        }
        try {
            byte[] pkcs8 = legacy ? wrapped(key.der, open) : key.der;
            return KeyFactory.getInstance(open.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** The older forms lack the algorithm around them (RFC 5208); that of the public key is the same if they belong. */
    private static byte[] wrapped(byte[] der, PublicKey open) {
        byte[] version = {0x02, 0x01, 0x00};
        return tagged(SEQUENCE, version, algorithm(open.getEncoded()), tagged(OCTETS, der));
    }

    /** The AlgorithmIdentifier, which is the first element of a SubjectPublicKeyInfo. */
    private static byte[] algorithm(byte[] publicKey) {
        int start = header(publicKey, 0);
        int end = header(publicKey, start) + length(publicKey, start);
        return Arrays.copyOfRange(publicKey, start, end);
    }

    /** Where the contents of the element at {@code at} begin. */
    private static int header(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            // two bytes hold the length of every private key there is
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
