package dev.detour.health.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Place;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.Threshold;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.Look;
import dev.detour.health.source.SourceKind;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an inventory makes of looks, and what is found wrong in it. */
class JudgementTest {
    private static final Instant NOW = Instant.parse("2021-04-05T14:00:00Z");
    private static final TestCertificates CERTIFICATES = TestCertificates.at(NOW);
    private static final TestIdentity GOOD = CERTIFICATES.server();
    private static final TestIdentity RENEWED = CERTIFICATES.issue(
            CERTIFICATES.request().withValidity(NOW.minus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(30))));
    private static final TestIdentity EXPIRED = CERTIFICATES.expired();
    private static final Judgement BY_CLASS = new Judgement(Thresholds.BY_CLASS, Map.of());

    private final Fixed disk = new Fixed("disk", SourceKind.FILES);
    private final Fixed wire = new Fixed("wire", SourceKind.SERVER);
    private final Fixed backend = new Fixed("warehouse", SourceKind.BACKEND);
    private final Inventory inventory = new Inventory(List.of(disk, wire, backend));

    /** A source that shows what it is told to. */
    private record Fixed(String name, SourceKind kind) implements CertificateSource {
        @Override
        public Look look() {
            throw new UnsupportedOperationException("looks are given");
        }
    }

    private static FoundCertificate found(TestIdentity identity, String place, boolean keyIsHere) {
        return new FoundCertificate(identity.leaf(), new Place(place, "#1"), keyIsHere);
    }

    private void see(Fixed source, FoundCertificate... certificates) {
        inventory.accept(source, Look.of(List.of(certificates)), NOW);
    }

    private List<Finding> findings(Judgement judgement, Instant at) {
        return judgement.findings(inventory.sources(), at);
    }

    @Test
    void whatIsFineIsNotFound() {
        see(disk, found(GOOD, "a", true));

        assertThat(findings(BY_CLASS, NOW)).isEmpty();
    }

    @Test
    void aCertificateIsDueThenCriticalThenExpired() {
        see(disk, found(GOOD, "a", true));
        Instant end = GOOD.leaf().getNotAfter().toInstant();

        List<Rule> rules = new ArrayList<>();
        for (Duration left : List.of(Duration.ofDays(7), Duration.ofDays(2), Duration.ofSeconds(-1))) {
            rules.add(findings(BY_CLASS, end.minus(left)).get(0).rule());
        }

        assertThat(rules).containsExactly(Rule.CERTIFICATE_DUE, Rule.CERTIFICATE_CRITICAL, Rule.CERTIFICATE_EXPIRED);
    }

    @Test
    void thresholdsOfASourceOverruleThoseForAll() {
        see(disk, found(GOOD, "a", true));
        see(wire, found(GOOD, "b", false));
        Thresholds early = new Thresholds(new Threshold.Used(0.01), null);

        List<Finding> found = findings(new Judgement(Thresholds.BY_CLASS, Map.of("wire", early)), NOW);

        assertThat(found).extracting(Finding::source).containsExactly("wire");
    }

    @Test
    void oneCertificateAtManyPlacesIsOneAlarm() {
        see(
                disk,
                found(EXPIRED, "a", true),
                found(EXPIRED, "b", true),
                found(EXPIRED, "c", true),
                found(EXPIRED, "d", true));

        assertThat(findings(BY_CLASS, NOW)).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.CERTIFICATE_EXPIRED);
            assertThat(finding.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(finding.place())
                    .isEqualTo("serial " + EXPIRED.leaf().getSerialNumber().toString(16));
            assertThat(finding.text()).contains("at a #1, b #1, c #1 and 1 more: expired");
        });
    }

    @Test
    void anAuthorityAmongManyIsNoReasonToGetUpAtNight() {
        inventory.accept(
                disk, Look.of(List.of(new FoundCertificate(CERTIFICATES.ca(), new Place("bundle", "#7"), false))), NOW);
        Instant over = CERTIFICATES.ca().getNotAfter().toInstant().plusSeconds(1);

        assertThat(findings(BY_CLASS, over))
                .extracting(Finding::rule, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Rule.CERTIFICATE_EXPIRED, Severity.WARNING));
    }

    @Test
    void aSourceThatCannotBeSeenIsBlindAndNotFine() {
        see(disk, found(GOOD, "a", true));
        inventory.accept(
                disk,
                Look.blind(new SourceProblem(SourceProblem.Kind.DENIED, "disk", "forbidden", "a role that may read")),
                NOW.plusSeconds(60));

        assertThat(findings(BY_CLASS, NOW.plusSeconds(60))).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(Rule.SOURCE_BLIND);
            assertThat(finding.text())
                    .isEqualTo(
                            "disk: forbidden (expected: a role that may read) since 2021-04-05T14:01:00Z; what was seen"
                                    + " before is kept, 1 in this source");
        });
        assertThat(inventory.certificates()).hasSize(1);
    }

    @Test
    void aProblemHidesWhatIsBelowItAndNothingElse() {
        see(disk, found(GOOD, "secret a/x", true), found(GOOD, "secret a/y", true), found(GOOD, "secret b/x", true));

        inventory.accept(
                disk,
                new Look(
                        List.of(found(GOOD, "secret c/x", true)),
                        List.of(new SourceProblem(SourceProblem.Kind.DENIED, "secret a", "forbidden", "list")),
                        List.of()),
                NOW);

        assertThat(inventory.certificates())
                .extracting(each -> each.place().source())
                .containsExactlyInAnyOrder("secret c/x", "secret a/x", "secret a/y");
    }

    @Test
    void aKeyOfAnotherCertificateHidesNothing() {
        see(disk, found(GOOD, "a", true), found(RENEWED, "b", true));
        SourceProblem mismatch = new SourceProblem(SourceProblem.Kind.KEY_MISMATCH, "a", "another's key", "its own");

        inventory.accept(disk, new Look(List.of(found(GOOD, "b", true)), List.of(mismatch), List.of()), NOW);

        assertThat(inventory.certificates())
                .extracting(each -> each.place().source())
                .containsExactly("b");
        assertThat(inventory.sources().get(0).up()).isTrue();
        assertThat(findings(BY_CLASS, NOW)).extracting(Finding::rule).containsExactly(Rule.KEY_MISMATCH);
    }

    @Test
    void twoAtOnePlaceAreACollisionThatIsSaid() {
        see(disk, found(GOOD, "a", true), found(RENEWED, "a", true));

        assertThat(inventory.certificates()).hasSize(1);
        assertThat(findings(BY_CLASS, NOW)).extracting(Finding::rule).containsExactly(Rule.COLLISION);
    }

    @Test
    void whatIsRenewedOnTheDiskAndNotServedIsFound() {
        see(disk, found(RENEWED, "tls.crt", true));
        see(wire, found(GOOD, "127.0.0.1:8443", false));

        List<Served> served = Served.of(inventory.sources(), Map.of("disk", "wire"));

        assertThat(served).singleElement().satisfies(each -> {
            assertThat(each.matches()).isFalse();
            Finding finding = each.finding();
            assertThat(finding).isNotNull();
            assertThat(java.util.Objects.requireNonNull(finding).text())
                    .startsWith("127.0.0.1:8443 shows serial ")
                    .endsWith(": renewed, but not loaded");
        });
    }

    @Test
    void whatIsServedAsItLiesOnTheDiskMatches() {
        see(disk, found(GOOD, "old.crt", true), found(RENEWED, "tls.crt", true));
        see(wire, found(RENEWED, "127.0.0.1:8443", false));

        assertThat(Served.of(inventory.sources(), Map.of("disk", "wire")))
                .singleElement()
                .satisfies(each -> assertThat(each.finding()).isNull());
    }

    @Test
    void aServerThatCouldNotBeAskedIsNotCompared() {
        see(disk, found(RENEWED, "tls.crt", true));
        see(wire, found(GOOD, "127.0.0.1:8443", false));
        inventory.accept(
                wire,
                Look.blind(new SourceProblem(SourceProblem.Kind.TIMEOUT, "127.0.0.1:8443", "no answer", "TLS")),
                NOW);

        assertThat(Served.of(inventory.sources(), Map.of("disk", "wire"))).isEmpty();
    }

    @Test
    void endpointsThatShowDifferentCertificatesForOneNameAreTold() {
        see(backend, found(GOOD, "10.0.0.1:8443", false), found(RENEWED, "10.0.0.2:8443", false));

        assertThat(Served.drift(inventory.sources()))
                .extracting(Finding::rule, Finding::place)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Rule.DRIFT, "10.0.0.1:8443"));
    }

    @Test
    void endpointsThatAllEndWithinAnHourHaveNothingToFailOverTo() {
        Instant end = GOOD.leaf().getNotAfter().toInstant();
        see(backend, found(GOOD, "10.0.0.1:8443", false), found(GOOD, "10.0.0.2:8443", false));

        List<Severity> severities = new ArrayList<>();
        for (Duration left : List.of(Duration.ofDays(20), Duration.ofDays(7), Duration.ofDays(1))) {
            Instant at = end.minus(left);
            severities.add(ExpiryCluster.of(inventory.sources(), BY_CLASS, at)
                    .get(0)
                    .finding()
                    .severity());
        }

        assertThat(severities).containsExactly(Severity.INFO, Severity.WARNING, Severity.CRITICAL);
    }

    @Test
    void endpointsThatEndOneAfterTheOtherAreNoCluster() {
        see(backend, found(GOOD, "10.0.0.1:8443", false), found(RENEWED, "10.0.0.2:8443", false));

        assertThat(ExpiryCluster.of(inventory.sources(), BY_CLASS, NOW)).isEmpty();
    }

    @Test
    void oneEndpointAloneIsNoCluster() {
        see(backend, found(GOOD, "10.0.0.1:8443", false));

        assertThat(ExpiryCluster.of(inventory.sources(), BY_CLASS, NOW)).isEmpty();
    }

    @Test
    void endpointsThatShowTheSameAreInOrder() {
        see(backend, found(GOOD, "10.0.0.1:8443", false), found(GOOD, "10.0.0.2:8443", false));

        assertThat(Served.drift(inventory.sources())).isEmpty();
    }
}
