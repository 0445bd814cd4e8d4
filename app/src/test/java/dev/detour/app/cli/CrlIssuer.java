package dev.detour.app.cli;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Somebody who revokes certificates with serial numbers of 20 bytes, an hour after the other, and writes no reasons. */
record CrlIssuer(X509Certificate certificate, ContentSigner signer, Instant now) {
    private static final BigInteger FIRST = BigInteger.ONE.shiftLeft(158);

    static CrlIssuer create(String name) {
        try {
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            ContentSigner signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            X500Principal principal = new X500Principal(name);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    principal,
                                    BigInteger.ONE,
                                    Date.from(now.minus(Duration.ofDays(100))),
                                    Date.from(now.plus(Duration.ofDays(100))),
                                    principal,
                                    keys.getPublic())
                            .build(signer));
            return new CrlIssuer(certificate, signer, now);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make an issuer", e);
        }
    }

    /** A CRL of an hour ago that holds for three days. */
    byte[] crl(int entries) {
        return crl(entries, now.plus(Duration.ofDays(3)));
    }

    byte[] crl(int entries, Instant nextUpdate) {
        try {
            Instant thisUpdate = now.minus(Duration.ofHours(1));
            X509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(thisUpdate));
            builder.setNextUpdate(Date.from(nextUpdate));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(4_711)));
            for (int i = 1; i <= entries; i++) {
                builder.addCRLEntry(
                        FIRST.add(BigInteger.valueOf(i)), Date.from(thisUpdate.minus(Duration.ofHours(i))), 0);
            }
            return builder.build(signer).getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("cannot make a CRL", e);
        }
    }

    Path writeCertificate(Path folder) throws Exception {
        return Files.writeString(
                folder.resolve("issuer.pem"), pem("CERTIFICATE", certificate.getEncoded()), StandardCharsets.US_ASCII);
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }
}
