package dev.detour.health.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a server's chain that ends first: until then the whole of it is good.
 *
 * @param subject of that certificate, on one line
 * @param serial hexadecimal
 */
public record PeerValidity(String subject, String serial, Instant notBefore, Instant notAfter) {
    /** Of a chain as it was sent, or null if there is no certificate in it that has dates. */
    public static @Nullable PeerValidity of(Certificate[] chain) {
        X509Certificate first = null;
        for (Certificate each : chain) {
            if (each instanceof X509Certificate certificate
                    && (first == null || end(certificate).isBefore(end(first)))) {
                first = certificate;
            }
        }
        return first == null
                ? null
                : new PeerValidity(
                        PeerCertificate.printable(
                                first.getSubjectX500Principal().getName()),
                        first.getSerialNumber().toString(16),
                        first.getNotBefore().toInstant(),
                        end(first));
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    /** The time from its beginning to its end. */
    public Duration lifetime() {
        return Duration.between(notBefore, notAfter);
    }
}
