package dev.detour.health.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
    private static final Instant START = Instant.parse("2020-04-05T14:00:00Z");

    static CertificateFacts leaf(Duration lifetime) {
        return facts(lifetime, false, false);
    }

    static CertificateFacts facts(Duration lifetime, boolean authority, boolean selfSigned) {
        return new CertificateFacts(
                "CN=a",
                selfSigned ? "CN=a" : "CN=b",
                "1",
                START,
                START.plus(lifetime),
                "00",
                List.of(),
                "EC",
                256,
                "SHA256withECDSA",
                authority,
                List.of(),
                null,
                List.of(),
                selfSigned);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # lifetime, authority, self-signed, class
            PT24H,      false, false, HOURS
            PT24H0.001S,false, false, SHORT
            P10D,       false, false, SHORT
            P10DT1S,    false, false, MONTHS
            P100D,      false, false, MONTHS
            P100DT1S,   false, false, YEAR
            P398D,      false, false, YEAR
            P398DT1S,   false, false, LONG
            P365D,      false, true,  YEAR
            PT1H,       true,  false, INTERMEDIATE_CA
            P3650D,     true,  true,  ROOT_CA
            """)
    void theClassIsThatOfTheLifetimeAndOfAuthorities(
            Duration lifetime, boolean authority, boolean selfSigned, LifetimeClass expected) {
        assertThat(LifetimeClass.of(facts(lifetime, authority, selfSigned))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # class of,        what is left when it becomes due, and critical
            PT1H,     false, false, PT15M,   PT6M
            PT24H,    false, false, PT6H,    PT2H
            P6D,      false, false, PT36H,   PT14H24M
            P30D,     false, false, PT180H,  P3D
            P90D,     false, false, PT540H,  P9D
            P360D,    false, false, P90D,    P30D
            P730D,    false, false, PT4380H, P60D
            P3650D,   false, false, P365D,   P60D
            PT24H,    true,  false, PT8H,    PT8H
            P90D,     true,  false, P30D,    P30D
            P1000D,   true,  false, P250D,   P90D
            P3650D,   true,  true,  PT17520H,P180D
            """)
    void whatMustBeLeftIsAShareBetweenFloorAndCeiling(
            Duration lifetime, boolean authority, boolean selfSigned, Duration due, Duration critical) {
        CertificateFacts facts = facts(lifetime, authority, selfSigned);

        Verdict verdict = Verdict.of(facts, Thresholds.BY_CLASS, START);

        assertThat(Duration.between(verdict.warnsAt(), facts.notAfter())).isEqualTo(due);
        assertThat(Duration.between(verdict.criticalAt(), facts.notAfter())).isEqualTo(critical);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # one year: due with 90 d left of 360, critical with 30, late with 60
            PT-0.001S,          NOT_YET_VALID
            PT0S,               OK
            P269DT23H59M59S,    OK
            P270D,              DUE
            P299DT23H59M59S,    DUE
            P300D,              LATE
            P329DT23H59M59S,    LATE
            P330D,              CRITICAL
            P360D,              CRITICAL
            P360DT0.001S,       EXPIRED
            """)
    void theGradeChangesAtItsBoundary(Duration age, Grade expected) {
        Verdict verdict = Verdict.of(leaf(Duration.ofDays(360)), Thresholds.BY_CLASS, START.plus(age));

        assertThat(verdict.grade()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            P1D   | 0 % of its 365 d are used; 364 d are left
            P278D | 76 % of its 365 d are used; 87 d are left; renew before 2021-03-06
            P340D | 93 % of its 365 d are used; 25 d are left; renew now, it ends on 2021-04-05 14:00 UTC
            P370D | expired 5 d ago, on 2021-04-05 14:00 UTC
            P-3D  | begins in 3 d, on 2020-04-05 14:00 UTC
            """)
    void theReasonIsInWords(Duration age, String expected) {
        Verdict verdict = Verdict.of(leaf(Duration.ofDays(365)), Thresholds.BY_CLASS, START.plus(age));

        assertThat(verdict.reason()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            50%, 90%, P179D, OK
            50%, 90%, P180D, DUE
            50%, 90%, P252D, LATE
            50%, 90%, P324D, CRITICAL
            30d, 7d,  P329D, OK
            30d, 7d,  P330D, DUE
            30d, 7d,  P353D, CRITICAL
            30d, 12h, P359D, LATE
            7d,  30d, P330D, CRITICAL
            """)
    void anOperatorsThresholdsReplaceThoseOfTheClass(String warn, String critical, Duration age, Grade expected) {
        Thresholds set = new Thresholds(Threshold.parse(warn), Threshold.parse(critical));

        Verdict verdict = Verdict.of(leaf(Duration.ofDays(360)), set, START.plus(age));

        assertThat(verdict.grade()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "75", "101%", "-1%", "30 days", "d", "30m", "9999999d"})
    void aThresholdThatIsNoneIsNamed(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Threshold.parse(text))
                .withMessageStartingWith("\"" + text + "\" (expected: ");
    }

    @Test
    void datesInTheWrongOrderAreNoLife() {
        CertificateFacts facts = leaf(Duration.ofDays(-1));

        assertThat(facts.lifetime()).isZero();
        assertThat(Verdict.of(facts, Thresholds.BY_CLASS, START).grade()).isEqualTo(Grade.EXPIRED);
        assertThat(facts.used(START)).isEqualTo(1);
    }
}
