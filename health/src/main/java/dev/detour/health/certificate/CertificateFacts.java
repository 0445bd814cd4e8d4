package dev.detour.health.certificate;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate says about itself (RFC 5280), in the form that people and programs compare.
 *
 * <p>Names are the issuer's words: they may hold anything, so show them with {@link #printable}.
 *
 * @param subject as in RFC 2253
 * @param issuer as in RFC 2253
 * @param serial hexadecimal, lower case, without separators
 * @param notBefore first moment of validity
 * @param notAfter last moment of validity
 * @param fingerprint SHA-256 over the whole certificate, hexadecimal, lower case
 * @param names subject alternative names: DNS names, IP addresses, URIs and mail addresses as they are
 * @param keyAlgorithm such as RSA or EC
 * @param keyBits size of the key; 0 if it is of a kind not known here
 * @param signatureAlgorithm such as SHA256withRSA
 * @param authority whether it may sign certificates (BasicConstraints)
 * @param usages extended key usages as object identifiers; empty if it is not restricted, or if they cannot be read
 * @param authorityKey identifier of the key that signed it, hexadecimal in lower case; null if it does not say
 * @param crlUrls where it says that its issuer publishes CRLs (RFC 5280 4.2.1.13): the issuer's words, so do not simply ask there
 * @param selfSigned whether subject and issuer are the same and its own key has signed it
 */
public record CertificateFacts(
        String subject,
        String issuer,
        String serial,
        Instant notBefore,
        Instant notAfter,
        String fingerprint,
        List<String> names,
        String keyAlgorithm,
        int keyBits,
        String signatureAlgorithm,
        boolean authority,
        List<String> usages,
        @Nullable String authorityKey,
        List<String> crlUrls,
        boolean selfSigned) {
    private static final int LONGEST_NAME = 120;

    /** The facts of a certificate. */
    public static CertificateFacts of(X509Certificate certificate) {
        return new CertificateFacts(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getSerialNumber().toString(16),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                fingerprint(certificate),
                alternativeNames(certificate),
                certificate.getPublicKey().getAlgorithm(),
                bits(certificate.getPublicKey()),
                certificate.getSigAlgName(),
                certificate.getBasicConstraints() >= 0,
                extendedUsages(certificate),
                CertificateExtensions.authorityKey(certificate),
                CertificateExtensions.crlUrls(certificate),
                signsItself(certificate));
    }

    /** From the first moment of validity to the last; zero if they are in the wrong order. */
    public Duration lifetime() {
        Duration whole = Duration.between(notBefore, notAfter);
        return whole.isNegative() ? Duration.ZERO : whole;
    }

    /** The share of its life that has passed at {@code at}, from 0 to 1. */
    public double used(Instant at) {
        double whole = lifetime().toMillis();
        if (whole <= 0) {
            return at.isBefore(notAfter) ? 0 : 1;
        }
        return Math.min(1, Math.max(0, Duration.between(notBefore, at).toMillis() / whole));
    }

    /** What remains of its life at {@code at}; negative once it is over. */
    public Duration left(Instant at) {
        return Duration.between(at, notAfter);
    }

    /** A name out of a certificate on one line of ASCII, cut where it becomes unreadable. */
    public static String printable(String name) {
        String clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "...";
    }

    static boolean signsItself(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && signedBy(certificate, certificate.getPublicKey());
    }

    static boolean signedBy(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    static int bits(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength();
        }
        if (key instanceof ECPublicKey curve) {
            return curve.getParams().getOrder().bitLength();
        }
        if (key instanceof DSAPublicKey dsa && dsa.getParams() != null) {
            return dsa.getParams().getP().bitLength();
        }
        if (key instanceof EdECPublicKey edwards) {
            return edwards.getParams().getName().equals("Ed448") ? 448 : 256;
        }
        return 0;
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256, and what was read can be written", e);
        }
    }

    private static List<String> alternativeNames(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            List<String> names = new ArrayList<>();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(1) instanceof String text) {
                    names.add(text);
                }
            }
            return List.copyOf(names);
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> extendedUsages(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null ? List.of() : List.copyOf(usages);
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
