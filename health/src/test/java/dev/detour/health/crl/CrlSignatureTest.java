package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrlSignatureTest {
    private static final CrlAuthority AUTHORITY = CrlAuthority.create();
    private static final CrlAuthority NAMESAKE = CrlAuthority.create();
    private static final CrlAuthority STRANGER = CrlAuthority.create("EC:256", "SHA256withECDSA", "CN=Other CA");

    @ParameterizedTest
    @CsvSource({
        "RSA:2048, SHA256withRSA, SHA256withRSA",
        "RSA:2048, SHA384withRSA, SHA384withRSA",
        "RSA:2048, SHA512withRSA, SHA512withRSA",
        "RSA:2048, SHA256withRSAandMGF1, RSASSA-PSS",
        "RSA:2048, SHA512withRSAandMGF1, RSASSA-PSS",
        "EC:256, SHA256withECDSA, SHA256withECDSA",
        "EC:384, SHA384withECDSA, SHA384withECDSA",
        "EC:521, SHA512withECDSA, SHA512withECDSA",
        "Ed25519, Ed25519, Ed25519"
    })
    void aGoodSignatureIsKnownAndABrokenOneToo(String keyType, String algorithm, String name) throws Exception {
        CrlAuthority authority = CrlAuthority.create(keyType, algorithm, CrlAuthority.NAME);
        byte[] crl = authority.crl(5_000);
        byte[] tampered = crl.clone();
        int serial = serialOfAnEntry(crl);
        tampered[serial] ^= 1;

        CrlFacts good = check(crl, authority);
        CrlFacts bad = check(tampered, authority);

        assertThat(good.algorithm()).isEqualTo(name);
        assertThat(good.signature()).isEqualTo(CrlSignature.GOOD);
        assertThat(bad.signature()).isEqualTo(CrlSignature.BAD);
    }

    @Test
    void aSignatureValueThatIsWrongIsBad() throws Exception {
        byte[] crl = AUTHORITY.crl(1);
        crl[crl.length - 1] ^= 1;

        assertThat(check(crl, AUTHORITY).signature()).isEqualTo(CrlSignature.BAD);
    }

    @Test
    void aPemIsCheckedToo() throws Exception {
        CrlReader reader = CrlReader.checkedBy(List.of(AUTHORITY.certificate()));

        assertThat(reader.read(Pem.stream(Pem.of(AUTHORITY.crl(5_000)))).signature())
                .isEqualTo(CrlSignature.GOOD);
    }

    @Test
    void withoutACertificateOfThatNameNothingIsChecked() throws Exception {
        assertThat(check(AUTHORITY.crl(1), STRANGER).signature()).isEqualTo(CrlSignature.NO_ISSUER);
    }

    @Test
    void anotherKeyOfTheSameNameDidNotSign() throws Exception {
        assertThat(check(AUTHORITY.crl(1), NAMESAKE).signature()).isEqualTo(CrlSignature.BAD);
    }

    @Test
    void amongSeveralKeysOfOneNameTheOneThatSignedIsFound() throws Exception {
        assertThat(check(AUTHORITY.crl(1), STRANGER, NAMESAKE, AUTHORITY).signature())
                .isEqualTo(CrlSignature.GOOD);
    }

    @Test
    void aKeyThatTheCrlDoesNotNameIsNotTheIssuers() throws Exception {
        byte[] crl = AUTHORITY.crl(builder -> CrlReaderTest.extendWithKey(builder, AUTHORITY));

        assertThat(check(crl, NAMESAKE).signature()).isEqualTo(CrlSignature.NO_ISSUER);
        assertThat(check(crl, NAMESAKE, AUTHORITY).signature()).isEqualTo(CrlSignature.GOOD);
    }

    @Test
    void theKeyThatSignedIsTheIssuersWhateverTheCrlCallsIt() throws Exception {
        byte[] crl = AUTHORITY.crl(builder -> CrlReaderTest.extendWithKey(builder, NAMESAKE));

        assertThat(check(crl, AUTHORITY).signature()).isEqualTo(CrlSignature.GOOD);
    }

    @Test
    void aBrokenSignatureByTheKeyThatTheCrlNamesIsBad() throws Exception {
        byte[] crl = AUTHORITY.crl(builder -> CrlReaderTest.extendWithKey(builder, AUTHORITY));
        crl[crl.length - 1] ^= 1;

        assertThat(check(crl, NAMESAKE, AUTHORITY).signature()).isEqualTo(CrlSignature.BAD);
    }

    @Test
    void aKeyOfAnotherKindDidNotSign() throws Exception {
        CrlAuthority rsa = CrlAuthority.create("RSA:2048", "SHA256withRSA", CrlAuthority.NAME);

        assertThat(check(AUTHORITY.crl(1), rsa).signature()).isEqualTo(CrlSignature.BAD);
    }

    @Test
    void aBrokenAlgorithmIsNamedAndNotChecked() throws Exception {
        CrlAuthority old = CrlAuthority.create("RSA:2048", "SHA1withRSA", CrlAuthority.NAME);

        CrlFacts facts = check(old.crl(1), old);

        assertThat(facts.signature()).isEqualTo(CrlSignature.UNSUPPORTED);
        assertThat(facts.algorithm()).isEqualTo("SHA1withRSA");
    }

    @Test
    void anUnknownAlgorithmIsNamedByItsNumbers() throws Exception {
        CrlAuthority rare = CrlAuthority.create("RSA:2048", "SHA3-256withRSA", CrlAuthority.NAME);

        CrlFacts facts = check(rare.crl(1), rare);

        assertThat(facts.signature()).isEqualTo(CrlSignature.UNSUPPORTED);
        assertThat(facts.algorithm()).isEqualTo("2.16.840.1.101.3.4.3.14");
    }

    @Test
    void aLargeCrlThatWouldHaveToBeKeptWholeIsNotChecked() throws Exception {
        CrlAuthority edwards = CrlAuthority.create("Ed25519", "Ed25519", CrlAuthority.NAME);
        byte[] crl = LargeCrl.of(edwards, 110_000);

        assertThat(crl.length).isGreaterThan(4 << 20);
        assertThat(check(crl, edwards).signature()).isEqualTo(CrlSignature.UNSUPPORTED);
    }

    private static CrlFacts check(byte[] crl, CrlAuthority... issuers) throws Exception {
        List<X509Certificate> certificates =
                List.of(issuers).stream().map(CrlAuthority::certificate).toList();
        return CrlReader.checkedBy(certificates).read(new ByteArrayInputStream(crl));
    }

    /** The last byte of a serial number, past what is read at once. */
    private static int serialOfAnEntry(byte[] crl) {
        int at = 70_000;
        while (crl[at] != 0x30 || crl[at + 2] != 0x02) {
            at++;
        }
        return at + 3 + crl[at + 3];
    }
}
