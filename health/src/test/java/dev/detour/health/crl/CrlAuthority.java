package dev.detour.health.crl;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who revokes certificates. */
record CrlAuthority(X509Certificate certificate, PrivateKey key, String algorithm) {
    static final Instant THIS_UPDATE = Instant.parse("2026-03-10T12:00:00Z");
    static final Instant NEXT_UPDATE = THIS_UPDATE.plus(Duration.ofDays(3));
    static final String NAME = "CN=Build CA,O=Detour test";

    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    static CrlAuthority create() {
        return create("EC:256", "SHA256withECDSA", NAME);
    }

    /**
     * A new key and its certificate.
     *
     * @param keyType such as {@code EC:256}, {@code RSA:2048}, {@code Ed25519}
     */
    static CrlAuthority create(String keyType, String algorithm, String name) {
        try {
            String[] type = keyType.split(":", 2);
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type[0]);
            if (type.length > 1) {
                generator.initialize(Integer.parseInt(type[1]));
            }
            KeyPair keys = generator.generateKeyPair();
            X500Principal principal = new X500Principal(name);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    principal,
                    BigInteger.ONE,
                    Date.from(THIS_UPDATE.minus(Duration.ofDays(300))),
                    Date.from(THIS_UPDATE.plus(Duration.ofDays(3_000))),
                    principal,
                    keys.getPublic());
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm)
                            .setProvider(PROVIDER)
                            .build(keys.getPrivate())));
            return new CrlAuthority(certificate, keys.getPrivate(), algorithm);
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("cannot make an authority with " + keyType, e);
        }
    }

    /** A CRL, DER, with a next update; {@code content} adds what else is in it. */
    byte[] crl(Consumer<X509v2CRLBuilder> content) {
        X509v2CRLBuilder builder =
                new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(THIS_UPDATE));
        builder.setNextUpdate(Date.from(NEXT_UPDATE));
        content.accept(builder);
        return sign(builder);
    }

    /** A CRL of so many entries, each revoked a minute before the one before it. */
    byte[] crl(int entries) {
        return crl(builder -> {
            for (int i = 1; i <= entries; i++) {
                builder.addCRLEntry(BigInteger.valueOf(1_000L + i), Date.from(THIS_UPDATE.minusSeconds(60L * i)), 0);
            }
        });
    }

    byte[] sign(X509v2CRLBuilder builder) {
        try {
            return builder.build(new JcaContentSignerBuilder(algorithm)
                            .setProvider(PROVIDER)
                            .build(key))
                    .getEncoded();
        } catch (OperatorCreationException | java.io.IOException e) {
            throw new IllegalStateException("cannot sign a CRL with " + algorithm, e);
        }
    }
}
