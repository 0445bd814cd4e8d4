package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.crl.CrlAssessment.Finding;
import dev.detour.health.finding.Rule;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrlAssessmentTest {
    private static final Instant NOW = CrlAuthority.THIS_UPDATE.plusSeconds(3_600);
    private static final CrlTerms NONE = new CrlTerms(null, null, null, false);
    private static final CrlAuthority RSA = CrlAuthority.create("RSA:2048", "SHA256withRSA", CrlAuthority.NAME);

    @Test
    void withoutTermsAFreshCrlIsFine() throws Exception {
        CrlAssessment assessment = assess(facts(100), NONE);

        assertThat(assessment.level()).isEqualTo(CrlLevel.OK);
        assertThat(assessment.findings()).isEmpty();
        assertThat(assessment.share()).isNull();
        assertThat(assessment.shock()).isNull();
        assertThat(assessment.steadyState()).isNull();
        assertThat(assessment.unpruned()).isNull();
    }

    @Test
    void theSizeIsMeasuredAgainstTheLimit() throws Exception {
        assertThat(assess(facts(9_000), limit()).level()).isEqualTo(CrlLevel.OK);
        assertThat(assess(facts(9_500), limit()).findings())
                .containsExactly(new Finding(CrlLevel.WARNING, Rule.CRL_SIZE, "70.7 % of the limit (consul) is used"));
        assertThat(assess(facts(13_430), limit()).level()).isEqualTo(CrlLevel.WARNING);
        assertThat(assess(facts(13_440), limit()).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(CrlLevel.CRITICAL);
            assertThat(finding.text()).matches("over the limit: 5245\\d\\d bytes of 524288 \\(consul\\)");
        });
    }

    @Test
    void aStaleCrlIsCritical() throws Exception {
        CrlAssessment assessment = CrlAssessment.of(facts(1), NONE, List.of(), CrlAuthority.NEXT_UPDATE.plusSeconds(1));

        assertThat(assessment.findings())
                .containsExactly(new Finding(
                        CrlLevel.CRITICAL, Rule.CRL_STALE, "stale: the next one was due at 2026-03-13T12:00:00Z"));
    }

    @Test
    void aBrokenSignatureIsCritical() throws Exception {
        byte[] crl = LargeCrl.of(RSA, 1);
        crl[crl.length - 1] ^= 1;
        CrlFacts facts = CrlReader.checkedBy(List.of(RSA.certificate())).read(new java.io.ByteArrayInputStream(crl));

        assertThat(assess(facts, NONE).level()).isEqualTo(CrlLevel.CRITICAL);
    }

    @Test
    void aSignatureThatShouldHaveBeenCheckedAndWasNotIsAWarning() throws Exception {
        assertThat(assess(facts(1), new CrlTerms(null, null, null, true)).findings())
                .containsExactly(new Finding(
                        CrlLevel.WARNING,
                        Rule.CRL_UNCHECKED,
                        "the signature was not checked: no certificate of its issuer was given"));
    }

    @Test
    void aTrendThatReachesTheLimitWithinAMonthIsAWarning() throws Exception {
        CrlFacts facts = facts(5_000);

        CrlAssessment soon = CrlAssessment.of(facts, limit(), growth(facts, 12_000), NOW);
        CrlAssessment later = CrlAssessment.of(facts, limit(), growth(facts, 10_000), NOW);

        assertThat(soon.level()).isEqualTo(CrlLevel.WARNING);
        assertThat(soon.limitReached()).isBetween(NOW.plus(Duration.ofDays(25)), NOW.plus(Duration.ofDays(30)));
        assertThat(later.level()).isEqualTo(CrlLevel.OK);
        assertThat(later.limitReached()).isBetween(NOW.plus(Duration.ofDays(30)), NOW.plus(Duration.ofDays(35)));
    }

    @Test
    void theRestartThatRevokesEverythingIsSeenBeforeItHappens() throws Exception {
        CrlFacts facts = facts(1_000);

        CrlAssessment fits = assess(facts, new CrlTerms(CrlLimit.CONSUL, null, 12_000L, false));
        CrlAssessment doesNot = assess(facts, new CrlTerms(CrlLimit.CONSUL, null, 13_000L, false));

        assertThat(fits.level()).isEqualTo(CrlLevel.OK);
        assertThat(fits.shock()).isEqualTo(facts.bytes() + 12_000 * 39);
        assertThat(doesNot.findings())
                .containsExactly(new Finding(
                        CrlLevel.WARNING,
                        Rule.CRL_SHOCK,
                        "revoking every live certificate at once would make it " + (facts.bytes() + 13_000 * 39)
                                + " bytes, over the limit of 524288 (consul)"));
    }

    @Test
    void theShockIsCountedWithWhatAnEntryOfThisCrlTakes() throws Exception {
        CrlAuthority authority = CrlAuthority.create();
        CrlFacts facts = CrlReaderTest.read(
                authority.crl(builder -> builder.addCRLEntry(BigInteger.ONE, Date.from(CrlAuthority.THIS_UPDATE), 1)));

        assertThat(facts.shock(1_000)).isEqualTo(facts.bytes() + 34_000);
        assertThat(facts.shock(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theSteadyStateIsWhatALifetimeOfRevocationsTakes() throws Exception {
        // a thousand a day for ten days
        CrlFacts facts = facts(10_000);

        CrlAssessment assessment = assess(facts, new CrlTerms(null, Duration.ofDays(30), null, false));

        assertThat(assessment.steadyState()).isBetween(facts.base() + 30_000L * 39 - 39, facts.base() + 33_000L * 39);
        assertThat(assessment.unpruned()).isZero();
    }

    @Test
    void entriesOlderThanAnyCertificateAreUnpruned() throws Exception {
        // a thousand for each of a hundred days; 33 days and the rest of a day before are certain
        CrlAssessment assessment = assess(facts(100_000), new CrlTerms(null, Duration.ofDays(30), null, false));

        assertThat(assessment.unpruned()).isEqualTo(67_000);
    }

    @Test
    void theWorstFindingComesFirst() throws Exception {
        CrlTerms terms = new CrlTerms(CrlLimit.CONSUL, null, 1L, true);

        CrlAssessment assessment =
                CrlAssessment.of(facts(14_000), terms, List.of(), CrlAuthority.NEXT_UPDATE.plusSeconds(1));

        assertThat(assessment.findings())
                .extracting(Finding::level)
                .containsExactly(CrlLevel.CRITICAL, CrlLevel.CRITICAL, CrlLevel.WARNING, CrlLevel.WARNING);
        assertThat(assessment.limitReached()).isNotNull();
    }

    private static CrlTerms limit() {
        return new CrlTerms(CrlLimit.CONSUL, null, null, false);
    }

    private static CrlFacts facts(int entries) throws Exception {
        return CrlReaderTest.read(LargeCrl.of(RSA, entries));
    }

    private static CrlAssessment assess(CrlFacts facts, CrlTerms terms) {
        return CrlAssessment.of(facts, terms, List.of(), NOW);
    }

    private static List<CrlObservation> growth(CrlFacts facts, long bytesPerDay) {
        List<CrlObservation> observations = new ArrayList<>();
        for (int day = 10; day >= 0; day--) {
            observations.add(new CrlObservation(
                    NOW.minus(Duration.ofDays(day)), facts.bytes() - day * bytesPerDay, facts.entries() - day));
        }
        return observations;
    }
}
