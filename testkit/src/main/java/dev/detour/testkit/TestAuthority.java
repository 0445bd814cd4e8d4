package dev.detour.testkit;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority, root or intermediate, made for a test. */
final class TestAuthority {
    private static final AtomicLong SERIAL = new AtomicLong(1000);

    private final X509Certificate certificate;
    private final KeyPair keys;
    /** Intermediates from this one towards the root, the root left out, as sent after a leaf. */
    private final List<X509Certificate> path;

    private TestAuthority(X509Certificate certificate, KeyPair keys, List<X509Certificate> path) {
        this.certificate = certificate;
        this.keys = keys;
        this.path = path;
    }

    static TestAuthority root(String name, Instant from, Instant until) {
        KeyPair keys = keys("EC:256");
        X500Principal subject = principal(name);
        X509Certificate certificate = sign(authority(subject, subject, keys, from, until), keys);
        return new TestAuthority(certificate, keys, List.of());
    }

    TestAuthority intermediate(String name, Instant from, Instant until, String keyType) {
        KeyPair own = keys(keyType);
        X509Certificate signed =
                sign(authority(certificate.getSubjectX500Principal(), principal(name), own, from, until), keys);
        List<X509Certificate> longer = new ArrayList<>(List.of(signed));
        longer.addAll(path);
        return new TestAuthority(signed, own, List.copyOf(longer));
    }

    X509Certificate certificate() {
        return certificate;
    }

    TestIdentity issue(CertificateRequest request, List<X509Certificate> peers) {
        KeyPair own = keys(request.keyType());
        X509Certificate leaf = sign(leaf(request, certificate.getSubjectX500Principal(), own), keys);
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        chain.addAll(path);
        return new TestIdentity(request.name(), own.getPrivate(), List.copyOf(chain), peers);
    }

    /** A leaf that signs itself. */
    static TestIdentity selfSigned(CertificateRequest request, List<X509Certificate> peers) {
        KeyPair own = keys(request.keyType());
        X509Certificate leaf = sign(leaf(request, principal(request.name()), own), own);
        return new TestIdentity(request.name(), own.getPrivate(), List.of(leaf), peers);
    }

    /** A CRL of this authority in DER. */
    byte[] crl(Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked) {
        JcaX509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(thisUpdate));
        builder.setNextUpdate(Date.from(nextUpdate));
        revoked.forEach(each -> builder.addCRLEntry(each, Date.from(thisUpdate), 0));
        try {
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot sign a CRL", e);
        }
    }

    private static X509v3CertificateBuilder authority(
            X500Principal issuer, X500Principal subject, KeyPair own, Instant from, Instant until) {
        try {
            return builder(issuer, subject, own, from, until)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot encode an extension", e);
        }
    }

    private static X509v3CertificateBuilder leaf(CertificateRequest request, X500Principal issuer, KeyPair own) {
        try {
            X509v3CertificateBuilder builder = builder(
                            issuer, principal(request.name()), own, request.from(), request.until())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(request.usages().toArray(KeyPurposeId[]::new)));
            if (!request.names().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(request.names()));
            }
            return builder;
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot encode an extension", e);
        }
    }

    private static GeneralNames names(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        name.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static X509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair own, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(SERIAL.incrementAndGet()),
                Date.from(from),
                Date.from(until),
                subject,
                own.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer) {
        String algorithm = signer.getPrivate().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate())));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a certificate", e);
        }
    }

    private static KeyPair keys(String type) {
        String[] parts = type.split(":", 2);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(parts[0]);
            generator.initialize(Integer.parseInt(parts[1]));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("key type: " + type + " (expected: such as EC:256, RSA:2048)", e);
        }
    }

    private static X500Principal principal(String name) {
        return new X500Principal("CN=" + name + ",O=Detour test");
    }
}
