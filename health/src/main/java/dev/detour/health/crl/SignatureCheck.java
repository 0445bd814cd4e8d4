package dev.detour.health.crl;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.ProviderException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The check of one CRL's signature by every candidate, while its bytes go by.
 *
 * <p>The issuer's name comes before the bytes to be hashed and its key identifier after them: the name alone decides who is
 * a candidate, the identifier then tells a broken signature from one that another key of that name has made.
 */
final class SignatureCheck implements DerInput.Tap {
    /** Java's Ed25519 keeps the whole message until the signature is known. */
    private static final int ED25519_MESSAGE = 4 << 20;

    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";

    private final SignatureAlgorithm algorithm;
    private final List<Candidate> candidates = new ArrayList<>();
    private boolean anyOfThatName;
    private boolean unsupported;

    private record Candidate(@Nullable String key, Signature signature) {
        boolean mayBe(@Nullable String named) {
            return key == null || named == null || key.equals(named);
        }
    }

    private SignatureCheck(SignatureAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    /**
     * Prepares the candidates of a name.
     *
     * @param length of the message
     */
    static SignatureCheck of(
            SignatureAlgorithm algorithm, X500Principal issuer, List<X509Certificate> issuers, long length) {
        SignatureCheck check = new SignatureCheck(algorithm);
        boolean kept = algorithm.name().equals(SignatureAlgorithm.ED25519);
        check.unsupported = !algorithm.checked() || (kept && length > ED25519_MESSAGE);
        for (X509Certificate each : issuers) {
            if (each.getSubjectX500Principal().equals(issuer)) {
                check.anyOfThatName = true;
                check.add(each);
            }
        }
        return check;
    }

    private void add(X509Certificate issuer) {
        Signature signature = unsupported ? null : algorithm.open();
        if (signature == null) {
            unsupported = true;
            return;
        }
        try {
            signature.initVerify(issuer.getPublicKey());
            candidates.add(new Candidate(keyIdentifier(issuer), signature));
        } catch (InvalidKeyException e) {
            // a key of another kind signed nothing of this algorithm
        }
    }

    @Override
    public void bytes(byte[] source, int from, int length) {
        for (Candidate each : candidates) {
            try {
                each.signature.update(source, from, length);
            } catch (SignatureException e) {
                throw new IllegalStateException("a prepared signature takes no bytes", e);
            }
        }
    }

    /**
     * The outcome.
     *
     * @param key identifier of the issuer's key in hexadecimal, if the CRL names it
     */
    CrlSignature verify(byte[] signature, @Nullable String key) {
        if (!anyOfThatName) {
            return CrlSignature.NO_ISSUER;
        }
        if (unsupported) {
            return CrlSignature.UNSUPPORTED;
        }
        if (candidates.stream().anyMatch(each -> signed(each.signature, signature))) {
            return CrlSignature.GOOD;
        }
        boolean others = !candidates.isEmpty() && candidates.stream().noneMatch(each -> each.mayBe(key));
        return others ? CrlSignature.NO_ISSUER : CrlSignature.BAD;
    }

    private static boolean signed(Signature check, byte[] signature) {
        try {
            return check.verify(signature);
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }

    private static @Nullable String keyIdentifier(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
        if (extension == null) {
            return null;
        }
        try {
            DerInput in = DerInput.of(extension);
            in.expect(DerInput.OCTET_STRING, "the extension", extension.length);
            long end = in.expect(DerInput.OCTET_STRING, "the key identifier", extension.length);
            return HexFormat.of().formatHex(in.bytesTo(end, extension.length, "the key identifier"));
        } catch (IOException | CrlFormatException e) {
            return null;
        }
    }
}
