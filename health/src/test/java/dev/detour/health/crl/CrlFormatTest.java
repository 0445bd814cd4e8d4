package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no CRL is refused in one line that names what is wrong and where. */
class CrlFormatTest {
    private static final CrlAuthority AUTHORITY = CrlAuthority.create();

    @Test
    void anEmptyFileIsNoCrl() {
        assertThat(refusal(new byte[0])).hasMessage("empty: ends at byte 0 (expected: an X.509 CRL)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>not found</html>", "\0\0\0", "-----BEGIN CERTIFICATE-----\nMAA=\n"})
    void whatIsNeitherDerNorPemIsNoCrl(String text) {
        assertThat(refusal(text.getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("neither DER nor a PEM with a line -----BEGIN X509 CRL-----");
    }

    @Test
    void aCertificateIsNoCrl() throws Exception {
        assertThat(refusal(AUTHORITY.certificate().getEncoded()))
                .hasMessageMatching(".* at byte \\d+ has the tag 0xa0 \\(expected: 0x30\\)");
    }

    @Test
    void trailingBytesAreRefusedWithTheirPlace() {
        byte[] crl = AUTHORITY.crl(3);

        CrlFormatException refusal = refusal(Arrays.copyOf(crl, crl.length + 1));

        assertThat(refusal).hasMessage("trailing bytes after the end of the CRL at byte " + crl.length);
        assertThat(refusal.offset()).isEqualTo(crl.length);
    }

    @Test
    void everyPrefixIsRefusedAsTruncated() {
        byte[] crl = crlWithEverything();

        for (int length = 1; length < crl.length; length++) {
            CrlFormatException refusal = refusal(Arrays.copyOf(crl, length));

            assertThat(refusal)
                    .as("%d of %d bytes", length, crl.length)
                    .hasMessageStartingWith("truncated: ends at byte " + length + " within ");
        }
    }

    @Test
    void everyPrefixOfAPemIsRefused() {
        String pem = Pem.of(crlWithEverything()).strip();

        for (int length = 1; length < pem.length(); length++) {
            assertThat(refusal(pem.substring(0, length).getBytes(StandardCharsets.US_ASCII))
                            .getMessage())
                    .hasLineCount(1);
        }
    }

    @Test
    void anAnnouncedLengthIsNotBelieved() {
        byte[] crl = {0x30, (byte) 0x86, 0x7f, 0, 0, 0, 0, 0, 0x30, (byte) 0x85, 0x7f, 0, 0, 0, 0, 2, 1, 1};

        assertThat(refusal(crl)).hasMessage("truncated: ends at byte 18 within the signature algorithm");
    }

    @Test
    void anElementThatIsLongerThanItsContainerIsRefused() {
        byte[] crl = {0x30, 4, 0x30, 9, 2, 1};

        assertThat(refusal(crl))
                .hasMessage(
                        "the signed part of the CRL at byte 2 would end at byte 13, past the end of what contains it"
                                + " at byte 6");
    }

    @Test
    void anIndefiniteLengthIsRefused() {
        assertThat(refusal(new byte[] {0x30, (byte) 0x80, 0, 0}))
                .hasMessage("the CRL at byte 0 has an indefinite length (expected: DER, up to 6)");
    }

    @Test
    void aLengthWithNeedlessOctetsIsRefused() {
        assertThat(refusal(new byte[] {0x30, (byte) 0x82, 0, 5, 1, 2, 3}))
                .hasMessage("the CRL at byte 0 has a length with needless octets (expected: DER)");
    }

    @Test
    void anAlgorithmThatIsNotTheSignedOneIsRefused() {
        byte[] crl = AUTHORITY.crl(0);
        int outer = lastIndexOf(crl, new byte[] {0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2});
        crl[outer + 7] = 3;

        assertThat(refusal(crl))
                .hasMessage("the signature algorithm at byte " + (outer - 4)
                        + " is not the one that the signed part names (expected: the same)");
    }

    @Test
    void aRevocationDateThatIsNoneIsRefused() {
        byte[] crl = AUTHORITY.crl(1);
        int month = lastIndexOf(crl, "260310".getBytes(StandardCharsets.US_ASCII)) + 2;
        crl[month] = '1';
        crl[month + 1] = '3';

        assertThat(refusal(crl))
                .hasMessageStartingWith("the revocation date at byte " + (month - 4) + " is not a time");
    }

    @Test
    void aSecondCrlInAPemIsRefused() {
        String pem = Pem.of(AUTHORITY.crl(1));

        assertThat(refusal((pem + pem).getBytes(StandardCharsets.US_ASCII)))
                .hasMessage("the PEM has a second CRL at byte " + pem.length() + " (expected: one)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "=A", "-----END CERTIFICATE-----\n"})
    void aPemThatIsNotBase64IsRefused(String wrong) {
        String pem = Pem.of(AUTHORITY.crl(1)).replace("\n-----END", wrong + "\n-----END");

        assertThat(refusal(pem.getBytes(StandardCharsets.US_ASCII))).hasMessageStartingWith("the PEM has ");
    }

    @Test
    void aFormatThatIsRightIsNotRefused() {
        assertThatCode(() -> CrlReaderTest.read(crlWithEverything())).doesNotThrowAnyException();
    }

    static byte[] crlWithEverything() {
        return AUTHORITY.crl(builder -> {
            builder.addCRLEntry(BigInteger.TEN, Date.from(CrlAuthority.THIS_UPDATE), 0);
            builder.addCRLEntry(BigInteger.TWO, Date.from(CrlAuthority.THIS_UPDATE), CRLReason.superseded);
            CrlReaderTest.extend(builder, Extension.cRLNumber, new CRLNumber(BigInteger.valueOf(77)));
            CrlReaderTest.extendWithKey(builder, AUTHORITY);
        });
    }

    private static CrlFormatException refusal(byte[] crl) {
        InputStream in = new ByteArrayInputStream(crl);
        CrlReader reader = CrlReader.unchecked();
        return catchThrowableOfType(CrlFormatException.class, () -> reader.read(in));
    }

    private static int lastIndexOf(byte[] source, byte[] wanted) {
        int at = source.length - wanted.length;
        while (at >= 0 && !Arrays.equals(source, at, at + wanted.length, wanted, 0, wanted.length)) {
            at--;
        }
        return at;
    }
}
