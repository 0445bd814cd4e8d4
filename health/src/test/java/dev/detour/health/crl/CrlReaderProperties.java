package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a stranger sends is a CRL or a {@link CrlFormatException} of one line. */
class CrlReaderProperties {
    private static final CrlAuthority RSA = CrlAuthority.create("RSA:2048", "SHA256withRSA", CrlAuthority.NAME);
    private static final CrlAuthority PSS = CrlAuthority.create("RSA:2048", "SHA256withRSAandMGF1", CrlAuthority.NAME);
    private static final CrlAuthority CURVE = CrlAuthority.create();
    private static final CrlAuthority EDWARDS = CrlAuthority.create("Ed25519", "Ed25519", CrlAuthority.NAME);
    private static final List<CrlAuthority> AUTHORITIES = List.of(RSA, PSS, CURVE, EDWARDS);
    private static final List<byte[]> CRLS =
            List.of(RSA.crl(2), PSS.crl(2), CURVE.crl(2), CrlFormatTest.crlWithEverything(), EDWARDS.crl(2));
    private static final CrlReader READER = CrlReader.checkedBy(
            AUTHORITIES.stream().map(CrlAuthority::certificate).toList());

    @Property(tries = 3_000)
    void changedBytesAreReadOrRefused(
            @ForAll @IntRange(max = 4) int which,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 4_000) Integer> places,
            @ForAll @Size(6) List<Byte> values)
            throws IOException {
        byte[] crl = CRLS.get(which).clone();
        for (int i = 0; i < places.size(); i++) {
            crl[places.get(i) % crl.length] = values.get(i);
        }

        readOrRefused(crl);
    }

    @Property(tries = 2_000)
    void changedBytesOfTheHeadAreReadOrRefused(
            @ForAll @IntRange(max = 4) int which, @ForAll @IntRange(max = 130) int at, @ForAll byte value)
            throws IOException {
        byte[] crl = CRLS.get(which).clone();
        crl[at] = value;

        readOrRefused(crl);
    }

    @Property(tries = 1_000)
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
        byte[] sequence = bytes.clone();
        if (sequence.length > 0) {
            sequence[0] = 0x30;
        }

        readOrRefused(bytes);
        readOrRefused(sequence);
    }

    @Property(tries = 1_000)
    void changedPemIsReadOrRefused(@ForAll @IntRange(max = 600) int at, @ForAll byte value) throws IOException {
        byte[] pem = Pem.of(CRLS.get(3)).getBytes(StandardCharsets.US_ASCII);
        pem[at % pem.length] = value;

        readOrRefused(pem);
    }

    private static void readOrRefused(byte[] crl) throws IOException {
        try {
            CrlFacts facts = READER.read(new ByteArrayInputStream(crl));

            assertThat(facts.revocations().count()).isEqualTo(facts.entries());
            assertThat(facts.issuer()).hasLineCount(facts.issuer().isEmpty() ? 0 : 1);
        } catch (CrlFormatException e) {
            assertThat(e.getMessage()).hasLineCount(1).contains("byte");
            assertThat(e.offset()).isBetween(0L, (long) crl.length);
        }
    }
}
