package dev.detour.health.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
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
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate with its key, made for a test with whatever is wrong with it. */
record Made(X509Certificate certificate, KeyPair keys) {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(algorithm + " " + bits, e);
        }
    }

    static Spec spec(String name, Instant from, Instant until) {
        return new Spec(name, from, until, keys("EC", 256), "SHA256withECDSA", false, List.of("localhost"), null);
    }

    static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    CertificateFacts facts() {
        return CertificateFacts.of(certificate);
    }

    /** What is to be in a certificate; the signature algorithm is that of whoever signs. */
    record Spec(
            String name,
            Instant from,
            Instant until,
            KeyPair keys,
            String signature,
            boolean authority,
            List<String> names,
            @Nullable KeyPurposeId usage) {
        Spec asAuthority() {
            return new Spec(name, from, until, keys, signature, true, List.of(), usage);
        }

        Spec named(String... others) {
            return new Spec(name, from, until, keys, signature, authority, List.of(others), usage);
        }

        Spec keyed(KeyPair other) {
            return new Spec(name, from, until, other, signature, authority, names, usage);
        }

        Spec signed(String algorithm) {
            return new Spec(name, from, until, keys, algorithm, authority, names, usage);
        }

        Spec used(KeyPurposeId other) {
            return new Spec(name, from, until, keys, signature, authority, names, other);
        }

        Made selfSigned() {
            return make(principal(), keys);
        }

        Made by(Made issuer) {
            return make(issuer.certificate().getSubjectX500Principal(), issuer.keys());
        }

        private X500Principal principal() {
            return new X500Principal("CN=" + name + ",O=Detour test");
        }

        private Made make(X500Principal issuer, KeyPair signer) {
            try {
                X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                                issuer,
                                BigInteger.valueOf(SERIAL.getAndIncrement()),
                                Date.from(from),
                                Date.from(until),
                                principal(),
                                keys.getPublic())
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
                if (!names.isEmpty()) {
                    GeneralName[] all = names.stream()
                            .map(each -> new GeneralName(
                                    each.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, each))
                            .toArray(GeneralName[]::new);
                    builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all));
                }
                if (usage != null) {
                    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usage));
                }
                return new Made(
                        new JcaX509CertificateConverter()
                                .getCertificate(builder.build(
                                        new JcaContentSignerBuilder(signature).build(signer.getPrivate()))),
                        keys);
            } catch (Exception e) {
                throw new IllegalStateException("cannot make " + name, e);
            }
        }
    }
}
