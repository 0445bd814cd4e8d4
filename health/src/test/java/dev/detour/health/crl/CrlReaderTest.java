package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.junit.jupiter.api.Test;

class CrlReaderTest {
    private static final CrlAuthority AUTHORITY = CrlAuthority.create();

    @Test
    void aCrlSaysWhoIssuedItAndWhen() throws Exception {
        CrlFacts facts = read(AUTHORITY.crl(0));

        assertThat(facts.issuer()).isEqualTo("CN=Build CA,O=Detour test");
        assertThat(facts.thisUpdate()).isEqualTo(CrlAuthority.THIS_UPDATE);
        assertThat(facts.nextUpdate()).isEqualTo(CrlAuthority.NEXT_UPDATE);
        assertThat(facts.algorithm()).isEqualTo("SHA256withECDSA");
        assertThat(facts.signature()).isEqualTo(CrlSignature.NO_ISSUER);
    }

    @Test
    void aCrlWithoutEntriesHasNoRevocations() throws Exception {
        byte[] crl = AUTHORITY.crl(0);

        CrlFacts facts = read(crl);

        assertThat(facts.entries()).isZero();
        assertThat(facts.bytes()).isEqualTo(crl.length).isEqualTo(facts.base());
        assertThat(facts.revocations().oldest()).isNull();
        assertThat(facts.revocations().newest()).isNull();
        assertThat(facts.meanEntry()).isEqualTo(39);
    }

    @Test
    void entriesAreCountedAndDated() throws Exception {
        byte[] crl = AUTHORITY.crl(1_000);

        CrlFacts facts = read(crl);

        assertThat(facts.entries()).isEqualTo(1_000);
        assertThat(facts.revocations().newest()).isEqualTo(CrlAuthority.THIS_UPDATE.minusSeconds(60));
        assertThat(facts.revocations().oldest()).isEqualTo(CrlAuthority.THIS_UPDATE.minusSeconds(60_000));
        assertThat(facts.bytes()).isEqualTo(crl.length);
    }

    @Test
    void entriesWithAReasonAreLarger() throws Exception {
        CrlFacts facts = read(AUTHORITY.crl(builder ->
                builder.addCRLEntry(BigInteger.ONE, Date.from(CrlAuthority.THIS_UPDATE), CRLReason.keyCompromise)));

        assertThat(facts.entries()).isEqualTo(1);
        assertThat(facts.meanEntry()).isEqualTo(34);
    }

    @Test
    void extensionsTellTheNumberAndTheKey() throws Exception {
        CrlFacts facts = read(AUTHORITY.crl(builder -> {
            extend(builder, Extension.cRLNumber, new CRLNumber(new BigInteger("123456789012345678901234567890")));
            extendWithKey(builder, AUTHORITY);
        }));

        assertThat(facts.number()).isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(facts.authorityKey()).matches("[0-9a-f]{40}");
        assertThat(facts.delta()).isFalse();
    }

    @Test
    void aDeltaIsKnownAsOne() throws Exception {
        CrlFacts facts = read(
                AUTHORITY.crl(builder -> extend(builder, Extension.deltaCRLIndicator, new CRLNumber(BigInteger.ONE))));

        assertThat(facts.delta()).isTrue();
        assertThat(facts.number()).isNull();
    }

    @Test
    void nextUpdateMayBeMissing() throws Exception {
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(new X500Name("CN=Terse CA"), Date.from(CrlAuthority.THIS_UPDATE));

        CrlFacts facts = read(AUTHORITY.sign(builder));

        assertThat(facts.nextUpdate()).isNull();
        assertThat(facts.stale(Instant.MAX)).isFalse();
    }

    @Test
    void timesBeyond2049AreRead() throws Exception {
        Instant late = Instant.parse("2050-02-28T23:59:59Z");

        CrlFacts facts = read(AUTHORITY.crl(builder -> {
            builder.setNextUpdate(Date.from(late));
            builder.addCRLEntry(BigInteger.ONE, Date.from(late), 0);
        }));

        assertThat(facts.nextUpdate()).isEqualTo(late);
        assertThat(facts.revocations().newest()).isEqualTo(late);
    }

    @Test
    void aCrlIsStaleOnceItsSuccessorIsDue() throws Exception {
        CrlFacts facts = read(AUTHORITY.crl(0));

        assertThat(facts.stale(CrlAuthority.NEXT_UPDATE)).isFalse();
        assertThat(facts.stale(CrlAuthority.NEXT_UPDATE.plusSeconds(1))).isTrue();
    }

    @Test
    void controlCharactersInANameDoNotReachTheTerminal() throws Exception {
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(new X500Name("CN=Red\u001b[31m\nCA"), Date.from(CrlAuthority.THIS_UPDATE));

        CrlFacts facts = read(AUTHORITY.sign(builder));

        assertThat(facts.issuer()).isEqualTo("CN=Red?[31m?CA");
    }

    @Test
    void entriesOfCertificatesThatMustHaveExpiredAreCounted() throws Exception {
        CrlFacts facts = read(AUTHORITY.crl(builder -> {
            for (int days = 1; days <= 50; days++) {
                builder.addCRLEntry(
                        BigInteger.valueOf(days), Date.from(CrlAuthority.THIS_UPDATE.minus(Duration.ofDays(days))), 0);
            }
        }));

        // revoked at noon: 33 days ago, 30 of life and 3 on one more CRL, is the first that is certain by the day
        assertThat(facts.unpruned(Duration.ofDays(30))).isEqualTo(17);
        assertThat(facts.unpruned(Duration.ofDays(365))).isZero();
    }

    @Test
    void pemIsReadLikeDer() throws Exception {
        byte[] crl = AUTHORITY.crl(3);

        CrlFacts facts = CrlReader.unchecked().read(Pem.stream(Pem.of(crl)));

        assertThat(facts.bytes()).isEqualTo(crl.length);
        assertThat(facts.entries()).isEqualTo(3);
    }

    @Test
    void textAndOtherBlocksAroundPemArePassedOver() throws Exception {
        String text =
                "Certificate Revocation List (CRL):\r\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                        + Pem.of(AUTHORITY.crl(3)).replace("\n", "\r\n")
                        + "that was it";

        assertThat(CrlReader.unchecked().read(Pem.stream(text)).entries()).isEqualTo(3);
    }

    @Test
    void aStreamThatGivesSingleBytesIsReadLikeAnyOther() throws Exception {
        InputStream slow = new FilterInputStream(new ByteArrayInputStream(AUTHORITY.crl(100))) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return super.read(target, from, Math.min(1, length));
            }
        };

        assertThat(CrlReader.unchecked().read(slow).entries()).isEqualTo(100);
    }

    @Test
    void aFailingStreamIsNoBrokenCrl() {
        InputStream failing = new FilterInputStream(new ByteArrayInputStream(AUTHORITY.crl(1))) {
            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                throw new IOException("disk gone");
            }
        };

        assertThatThrownBy(() -> CrlReader.unchecked().read(failing))
                .isInstanceOf(IOException.class)
                .hasMessage("disk gone");
    }

    static CrlFacts read(byte[] crl) throws IOException, CrlFormatException {
        return CrlReader.unchecked().read(new ByteArrayInputStream(crl));
    }

    static void extend(
            X509v2CRLBuilder builder,
            org.bouncycastle.asn1.ASN1ObjectIdentifier name,
            org.bouncycastle.asn1.ASN1Encodable value) {
        try {
            builder.addExtension(name, false, value);
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot encode an extension", e);
        }
    }

    static void extendWithKey(X509v2CRLBuilder builder, CrlAuthority authority) {
        try {
            extend(
                    builder,
                    Extension.authorityKeyIdentifier,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(
                                    authority.certificate().getPublicKey()));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot make a key identifier", e);
        }
    }
}
