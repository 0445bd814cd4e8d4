package dev.detour.testkit;

import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What is to be in a leaf certificate of {@link TestCertificates}; every {@code with…} gives a changed copy.
 *
 * @param name the common name, and the name of the files
 * @param names subject alternative names, DNS names and IP addresses mixed; may be empty
 * @param from first moment of validity
 * @param until last moment of validity
 * @param usages extended key usages
 * @param keyType such as {@code EC:256} or {@code RSA:2048}
 */
public record CertificateRequest(
        String name, List<String> names, Instant from, Instant until, List<KeyPurposeId> usages, String keyType) {

    public CertificateRequest withName(String other) {
        return new CertificateRequest(other, names, from, until, usages, keyType);
    }

    public CertificateRequest withNames(String... others) {
        return new CertificateRequest(name, List.of(others), from, until, usages, keyType);
    }

    public CertificateRequest withValidity(Instant first, Instant last) {
        return new CertificateRequest(name, names, first, last, usages, keyType);
    }

    public CertificateRequest withUsages(KeyPurposeId... others) {
        return new CertificateRequest(name, names, from, until, List.of(others), keyType);
    }

    public CertificateRequest withKeyType(String other) {
        return new CertificateRequest(name, names, from, until, usages, other);
    }
}
