package dev.detour.health.certificate;

import java.security.cert.X509Certificate;

/**
 * A certificate with the place it was found at.
 *
 * @param keyIsHere whether its private key is in the same source
 */
public record FoundCertificate(X509Certificate certificate, CertificateFacts facts, Place place, boolean keyIsHere) {
    /** A certificate with its facts. */
    public FoundCertificate(X509Certificate certificate, Place place, boolean keyIsHere) {
        this(certificate, CertificateFacts.of(certificate), place, keyIsHere);
    }
}
