package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.testkit.ManualClock;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of CRLs that are looked at again and again. */
class CrlWatchTest {
    private static final CrlAuthority AUTHORITY = CrlAuthority.create();

    private final ManualClock clock = ManualClock.at(CrlAuthority.THIS_UPDATE.plusSeconds(60));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private CrlWatch watch;

    private CrlTerms terms = new CrlTerms(null, null, null, false);
    private List<X509Certificate> issuers = List.of();

    @BeforeEach
    void start() {
        watch = new CrlWatch(CrlHistory.in(folder.resolve("sizes.jsonl")), clock);
    }

    private Path file() {
        return folder.resolve("ca.crl");
    }

    private KnownCrl lookAt(byte[] content) throws Exception {
        Files.write(file(), content);
        return look();
    }

    private KnownCrl look() throws InterruptedException {
        watch.look(List.of(new WatchedCrl(new CrlFileSource("internal", file()), () -> issuers, () -> terms)));
        return watch.known().get(0);
    }

    private List<Tuple> findings() {
        return watch.findings(clock.instant()).stream()
                .map(finding -> Tuple.tuple(finding.rule(), finding.severity()))
                .toList();
    }

    private static byte[] numbered(int number) {
        return AUTHORITY.crl(builder -> {
            try {
                builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            } catch (CertIOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static CrlFacts facts(KnownCrl known) {
        return java.util.Objects.requireNonNull(known.facts());
    }

    @Test
    void whatIsReadIsKnownAndNothingIsWrongWithIt() throws Exception {
        KnownCrl known = lookAt(AUTHORITY.crl(3));

        assertThat(facts(known).entries()).isEqualTo(3);
        assertThat(known.seen()).isEqualTo(clock.instant());
        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, empty", "40, ends at byte 40", "-3, after the end"})
    void whatIsSpoiltIsKeptAsItWasUntilItIsMended(int length, String problem) throws Exception {
        byte[] good = AUTHORITY.crl(3);
        lookAt(good);
        clock.advance(Duration.ofMinutes(15));
        KnownCrl spoilt = lookAt(Arrays.copyOf(good, length < 0 ? good.length - length : length));
        clock.advance(Duration.ofMinutes(15));
        KnownCrl still = look();

        assertThat(facts(still).entries()).isEqualTo(3);
        assertThat(still.unseenSince())
                .isEqualTo(spoilt.unseenSince())
                .isEqualTo(clock.instant().minus(Duration.ofMinutes(15)));
        assertThat(still.errors()).isEqualTo(2);
        assertThat(watch.findings(clock.instant())).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.SOURCE_BLIND);
            assertThat(finding.text()).contains(file().toString(), problem, "what was read before is kept");
        });

        assertThat(lookAt(AUTHORITY.crl(4)).problem()).isNull();
        assertThat(findings()).isEmpty();
    }

    @Test
    void whatIsNotThereYetIsBlindAndNotFine() throws Exception {
        KnownCrl known = look();

        assertThat(known.facts()).isNull();
        assertThat(known.assessment(clock.instant())).isNull();
        assertThat(findings()).containsExactly(Tuple.tuple(Rule.SOURCE_BLIND, Severity.WARNING));
    }

    @Test
    void aListThatIsReplacedByAnOlderOneIsTold() throws Exception {
        lookAt(numbered(8));
        lookAt(numbered(7));
        assertThat(findings()).containsExactly(Tuple.tuple(Rule.CRL_STALE, Severity.WARNING));
        look();
        assertThat(findings()).hasSize(1);

        lookAt(numbered(9));
        assertThat(findings()).isEmpty();
    }

    @Test
    void aListGoesStaleWithoutAnotherLook() throws Exception {
        lookAt(AUTHORITY.crl(3));
        clock.advance(Duration.ofDays(4));

        assertThat(findings()).containsExactly(Tuple.tuple(Rule.CRL_STALE, Severity.CRITICAL));
    }

    @Test
    void theSignatureIsCheckedWithTheIssuersOfTheMoment() throws Exception {
        terms = new CrlTerms(null, null, null, true);
        lookAt(AUTHORITY.crl(3));
        assertThat(findings()).containsExactly(Tuple.tuple(Rule.CRL_UNCHECKED, Severity.WARNING));

        issuers = List.of(AUTHORITY.certificate());
        assertThat(facts(look()).signature()).isEqualTo(CrlSignature.GOOD);
        assertThat(findings()).isEmpty();
    }

    @Test
    void growthIsRememberedAcrossARestart() throws Exception {
        terms = new CrlTerms(new CrlLimit("small", 12_000), null, null, false);
        for (int day = 0; day < 4; day++) {
            lookAt(AUTHORITY.crl(20 + 40 * day));
            clock.advance(Duration.ofDays(1));
        }
        start();

        lookAt(AUTHORITY.crl(180));

        assertThat(watch.findings(clock.instant())).extracting(Finding::rule).contains(Rule.CRL_FORECAST);
    }

    @Test
    void aHistoryThatCannotBeWrittenCostsNothingButTheTrendOfBefore() throws Exception {
        Files.createDirectory(folder.resolve("sizes.jsonl"));

        assertThat(facts(lookAt(AUTHORITY.crl(3))).entries()).isEqualTo(3);
        assertThat(look().observations()).hasSize(2);
    }

    @Test
    void oneThatCannotEvenBeAskedHidesNoOther() throws Exception {
        Files.write(file(), AUTHORITY.crl(3));
        CrlUrlSource odd = new CrlUrlSource("odd", java.net.URI.create("http://127.0.0.1:99999/ca.crl"), null);

        watch.look(List.of(
                new WatchedCrl(odd, List::of, () -> terms),
                new WatchedCrl(new CrlFileSource("internal", file()), List::of, () -> terms)));

        assertThat(watch.known()).hasSize(2);
        assertThat(findings()).containsExactly(Tuple.tuple(Rule.SOURCE_BLIND, Severity.WARNING));
    }

    @Test
    void aListThatIsNoLongerWatchedIsForgotten() throws Exception {
        lookAt(AUTHORITY.crl(3));

        watch.look(List.of());

        assertThat(watch.known()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://crl.example.org/ca.crl       | crl.example.org    | true
            https://CRL.example.org/ca.crl      | crl.example.org    | true
            http://a.pki.example.org/ca.crl     | *.pki.example.org  | true
            http://pki.example.org/ca.crl       | *.pki.example.org  | false
            http://evilpki.example.org/ca.crl   | *.pki.example.org  | false
            http://crl.example.org.evil/ca.crl  | crl.example.org    | false
            http://crl.example.org@evil/ca.crl  | crl.example.org    | false
            http://crl.example.org:99999/ca.crl | crl.example.org    | false
            ldap://crl.example.org/cn=ca        | crl.example.org    | false
            file:///crl.example.org             | crl.example.org    | false
            """)
    void onlyListedHostsAreAsked(String url, String allowed, boolean asked) {
        assertThat(NamedCrl.of("(certificates)", List.of(url, url), List.of(allowed)))
                .hasSize(asked ? 1 : 0);
    }

    @Test
    void aHostUnderAWildcardMayNotBeThisMachine() throws IOException {
        NamedCrl named = NamedCrl.of("(certificates)", List.of("http://a.localhost:1/ca.crl"), List.of("*.localhost"))
                .get(0);

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> named.read(CrlReader.unchecked()))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "a.localhost is (127.0.0.1|0:0:0:0:0:0:0:1) \\(expected: an address of the network.*"
                                + "|the host a.localhost is not known");
    }
}
