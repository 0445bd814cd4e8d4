package dev.detour.health.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificate that a refusal is about: found beneath the exception and put into words. */
final class PeerCertificate {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int LONGEST_NAME = 120;

    private PeerCertificate() {}

    /** Whether the certificate may be used by TLS servers (RFC 5280 section 4.2.1.12). */
    static boolean mayServe(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.contains(SERVER_AUTH) || usages.contains(ANY_USAGE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** One line: what is wrong, with which certificate, and its dates. */
    static String describe(TlsReason reason, Causes causes) {
        PeerRejectedException rejected = causes.first(PeerRejectedException.class);
        X509Certificate guilty = guilty(causes, rejected);
        String host = rejected == null ? null : rejected.host();
        String fault = reason == TlsReason.HOSTNAME_MISMATCH && host != null
                ? "not valid for " + printable(host)
                : words(reason);
        if (guilty == null) {
            return "server certificate " + fault;
        }
        return "server certificate " + fault + ": "
                + printable(guilty.getSubjectX500Principal().getName())
                + ", serial " + guilty.getSerialNumber().toString(16) + ", valid "
                + guilty.getNotBefore().toInstant() + " to "
                + guilty.getNotAfter().toInstant();
    }

    private static String words(TlsReason reason) {
        return switch (reason) {
            case EXPIRED -> "has expired";
            case NOT_YET_VALID -> "is not yet valid";
            case HOSTNAME_MISMATCH -> "is for another name";
            case WRONG_USAGE -> "may not be used by servers";
            case WEAK_ALGORITHM -> "uses a key or signature that is too weak";
            case REVOKED -> "was revoked";
            case REVOCATION_UNKNOWN -> "could not be checked for revocation";
            default -> "is not from a trusted authority";
        };
    }

    private static @Nullable X509Certificate guilty(Causes causes, @Nullable PeerRejectedException rejected) {
        CertPathValidatorException invalid = causes.first(CertPathValidatorException.class);
        if (invalid != null && invalid.getIndex() >= 0 && invalid.getCertPath() != null) {
            List<? extends Certificate> path = invalid.getCertPath().getCertificates();
            if (invalid.getIndex() < path.size()
                    && path.get(invalid.getIndex()) instanceof X509Certificate certificate) {
                return certificate;
            }
        }
        return rejected == null ? null : rejected.chain().get(0);
    }

    /** The names in a certificate are the peer's words: keep them on one line and short. */
    static String printable(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "...";
    }
}
