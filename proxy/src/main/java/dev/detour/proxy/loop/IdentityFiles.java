package dev.detour.proxy.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate and its private key, in two PEM files. */
public final class IdentityFiles {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private IdentityFiles() {}

    /**
     * Makes sure that they belong together. TLS engines do not: they take both, and then every handshake fails.
     *
     * @throws GeneralSecurityException if they do not, or one of them is no PEM of its kind; the message is for the operator
     */
    public static void check(Path certificate, Path key) throws GeneralSecurityException, IOException {
        PublicKey publicKey;
        try (InputStream in = Files.newInputStream(certificate)) {
            publicKey = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
        byte[] probe = "detour".getBytes(US_ASCII);
        Signature signature = Signature.getInstance(signatureOf(publicKey));
        signature.initSign(privateKey(key, publicKey.getAlgorithm()));
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key does not belong to the certificate");
        }
    }

    private static PrivateKey privateKey(Path file, String algorithm) throws GeneralSecurityException, IOException {
        Matcher block = PRIVATE_KEY.matcher(Files.readString(file, ISO_8859_1));
        if (!block.find()) {
            throw new GeneralSecurityException(
                    "the key file has no private key in PEM (expected: PKCS#8, which begins with BEGIN PRIVATE KEY)");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(block.group(1));
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("the key is none for the certificate, which is for " + algorithm, e);
        }
    }

    private static String signatureOf(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
