package dev.detour.health.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.detour.health.certificate.ChainDefect.Kind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainCheckTest {
    private static final Instant NOW = Instant.parse("2021-04-05T14:00:00Z");
    private static final Instant FROM = NOW.minus(Duration.ofDays(30));
    private static final Instant UNTIL = NOW.plus(Duration.ofDays(60));
    private static final Made ROOT = Made.spec("Root", FROM, NOW.plus(Duration.ofDays(900)))
            .asAuthority()
            .selfSigned();
    private static final Made MIDDLE = Made.spec("Middle", FROM, NOW.plus(Duration.ofDays(300)))
            .asAuthority()
            .by(ROOT);
    private static final Made STRANGER =
            Made.spec("Stranger", FROM, UNTIL).asAuthority().selfSigned();

    private static Made.Spec good() {
        return Made.spec("server", FROM, UNTIL);
    }

    private static ChainCheck check(Made... chain) {
        return ChainCheck.of(certificates(chain), List.of(ROOT.certificate()), "localhost", NOW);
    }

    private static List<X509Certificate> certificates(Made... chain) {
        return Arrays.stream(chain).map(Made::certificate).toList();
    }

    private static void assertOnly(ChainCheck check, Kind kind, int index) {
        assertThat(check.defects()).hasSize(1).first().satisfies(defect -> {
            assertThat(defect.kind()).isEqualTo(kind);
            assertThat(defect.index()).isEqualTo(index);
        });
    }

    @Test
    void aGoodChainHasNoDefects() {
        ChainCheck check = check(good().by(MIDDLE), MIDDLE);

        assertThat(check.defects()).isEmpty();
        assertThat(check.anchor()).isEqualTo(ROOT.facts());
        assertThat(check.weakest().subject()).contains("server");
    }

    @Test
    void theRootMayBeSentAlong() {
        assertThat(check(good().by(MIDDLE), MIDDLE, ROOT).defects()).isEmpty();
    }

    @Test
    void aLeafMayItselfBeTheAnchor() {
        Made self = good().selfSigned();

        ChainCheck check = ChainCheck.of(certificates(self), certificates(self), "localhost", NOW);

        assertThat(check.defects()).isEmpty();
    }

    @Test
    void anExpiredLeafIsTold() {
        assertOnly(check(Made.spec("old", FROM, NOW.minusSeconds(1)).by(ROOT)), Kind.EXPIRED, 0);
    }

    @Test
    void theLastMomentIsStillValid() {
        assertThat(check(Made.spec("last", FROM, NOW).by(ROOT)).defects()).isEmpty();
    }

    @Test
    void anExpiredIntermediateIsToldByItsIndex() {
        Made old = Made.spec("Old", FROM, NOW.minusSeconds(1)).asAuthority().by(ROOT);

        ChainCheck check = check(good().by(old), old);

        assertOnly(check, Kind.EXPIRED, 1);
        assertThat(check.weakest().subject()).contains("Old");
    }

    @Test
    void aCertificateOfTomorrowIsTold() {
        assertOnly(check(Made.spec("early", NOW.plusSeconds(1), UNTIL).by(ROOT)), Kind.NOT_YET_VALID, 0);
    }

    @Test
    void aChainToAStrangersRootIsUntrusted() {
        assertOnly(check(good().by(STRANGER), STRANGER), Kind.UNTRUSTED, 1);
    }

    @Test
    void aSelfSignedLeafIsUntrusted() {
        assertOnly(check(good().selfSigned()), Kind.UNTRUSTED, 0);
    }

    @Test
    void anIntermediateThatIsNotSentIsMissing() {
        assertOnly(check(good().by(MIDDLE)), Kind.MISSING_INTERMEDIATE, 0);
    }

    @Test
    void aNameAloneMakesNoIssuer() {
        Made impostor = Made.spec("Root", FROM, UNTIL).asAuthority().selfSigned();

        assertOnly(check(good().by(impostor)), Kind.UNTRUSTED, 0);
    }

    @Test
    void aLeafIsNoAuthority() {
        Made leaf = good().by(ROOT);

        assertOnly(check(good().by(leaf), leaf), Kind.UNTRUSTED, 0);
    }

    @Test
    void aSmallRsaKeyIsWeak() {
        assertOnly(check(good().keyed(Made.keys("RSA", 1024)).by(ROOT)), Kind.WEAK_KEY, 0);
    }

    @Test
    void anRsaKeyOf2048BitsIsNot() {
        assertThat(check(good().keyed(Made.keys("RSA", 2048)).by(ROOT)).defects())
                .isEmpty();
    }

    @Test
    void aSha1SignatureIsWeak() {
        assertOnly(check(good().signed("SHA1withECDSA").by(ROOT)), Kind.WEAK_SIGNATURE, 0);
    }

    @Test
    void aSha1SignatureOfARootOnItselfIsNot() {
        Made root = Made.spec("Old root", FROM, UNTIL)
                .asAuthority()
                .signed("SHA1withECDSA")
                .selfSigned();

        ChainCheck check = check(good().by(root), root);

        assertThat(check.has(Kind.WEAK_SIGNATURE)).isFalse();
    }

    @Test
    void aClientsCertificateHasTheWrongUsage() {
        assertOnly(check(good().used(KeyPurposeId.id_kp_clientAuth).by(ROOT)), Kind.WRONG_USAGE, 0);
    }

    @Test
    void aServersCertificateHasTheRightOne() {
        assertThat(check(good().used(KeyPurposeId.id_kp_serverAuth).by(ROOT)).defects())
                .isEmpty();
    }

    @Test
    void aChainOutOfOrderIsTold() {
        Made lower = Made.spec("Lower", FROM, UNTIL).asAuthority().by(MIDDLE);

        assertOnly(check(good().by(lower), MIDDLE, lower), Kind.OUT_OF_ORDER, 2);
    }

    @Test
    void allDefectsAreToldAtOnce() {
        Made worst = Made.spec("worst", FROM, NOW.minusSeconds(1))
                .named("other.example")
                .keyed(Made.keys("RSA", 1024))
                .signed("SHA1withECDSA")
                .used(KeyPurposeId.id_kp_clientAuth)
                .by(STRANGER);
        Made early = Made.spec("Stranger", NOW.plusSeconds(5), UNTIL)
                .keyed(STRANGER.keys())
                .asAuthority()
                .selfSigned();
        Made unrelated = Made.spec("unrelated", FROM, UNTIL).by(ROOT);

        ChainCheck check = check(worst, unrelated, early);

        assertThat(check.defects())
                .extracting(ChainDefect::kind)
                .containsExactly(
                        Kind.EXPIRED,
                        Kind.HOSTNAME_MISMATCH,
                        Kind.WEAK_KEY,
                        Kind.WEAK_SIGNATURE,
                        Kind.WRONG_USAGE,
                        Kind.NOT_YET_VALID,
                        Kind.UNTRUSTED,
                        Kind.OUT_OF_ORDER);
        assertThat(check.weakest().subject()).contains("worst");
        assertThat(check.anchor()).isNull();
    }

    @Test
    void anExpiredAnchorIsToldThoughNoJavaClientMinds() {
        Made root = Made.spec("Gone", FROM, NOW.minusSeconds(1)).asAuthority().selfSigned();

        ChainCheck check =
                ChainCheck.of(certificates(good().by(root), root), List.of(root.certificate()), "localhost", NOW);

        assertThat(check.defects()).isEmpty();
        assertThat(check.anchorExpired()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # name in it,     host,               matches
            a.example.org,    a.example.org,      true
            a.example.org,    A.Example.ORG.,     true
            a.example.org,    b.example.org,      false
            *.example.org,    a.example.org,      true
            *.example.org,    example.org,        false
            *.example.org,    a.b.example.org,    false
            a*.example.org,   ab.example.org,     false
            *.org,            example.org,        false
            10.0.0.1,         10.0.0.1,           true
            10.0.0.1,         10.0.0.2,           false
            ::1,              0:0:0:0:0:0:0:1,    true
            a.example.org,    10.0.0.1,           false
            xn--bcher-kva.example, bücher.example, true
            """)
    void namesMatchAsInRfc9525(String inCertificate, String host, boolean matches) {
        Made made = good().named(inCertificate).by(ROOT);

        ChainCheck check = ChainCheck.of(certificates(made), List.of(ROOT.certificate()), host, NOW);

        assertThat(check.has(Kind.HOSTNAME_MISMATCH)).isEqualTo(!matches);
        assertThat(check.defects()).hasSize(matches ? 0 : 1);
    }

    @Test
    void withoutAHostNoNameIsWrong() {
        Made made = good().named().by(ROOT);

        assertThat(ChainCheck.of(certificates(made), List.of(ROOT.certificate()), null, NOW)
                        .defects())
                .isEmpty();
    }

    @Test
    void anEmptyChainIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChainCheck.of(List.of(), List.of(), "localhost", NOW))
                .withMessageContaining("chain: empty");
    }
}
