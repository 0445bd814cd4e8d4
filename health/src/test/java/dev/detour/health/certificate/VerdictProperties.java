package dev.detour.health.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class VerdictProperties {
    private static final long TEN_YEARS = 315_360_000L;

    @Property
    void neverGetsBetterAsTimePasses(
            @ForAll @LongRange(min = 0, max = TEN_YEARS) long lifetime,
            @ForAll @LongRange(min = 0, max = TEN_YEARS) long age,
            @ForAll @LongRange(min = 0, max = TEN_YEARS) long later,
            @ForAll boolean authority,
            @ForAll boolean selfSigned,
            @ForAll @IntRange(min = 0, max = 4) int set) {
        CertificateFacts facts = VerdictTest.facts(Duration.ofSeconds(lifetime), authority, selfSigned);
        Instant then = facts.notBefore().plusSeconds(age);

        Verdict before = Verdict.of(facts, thresholds(set), then);
        Verdict after = Verdict.of(facts, thresholds(set), then.plusSeconds(later));

        assertThat(after.grade()).isGreaterThanOrEqualTo(before.grade());
        assertThat(after.used()).isGreaterThanOrEqualTo(before.used());
    }

    @Property
    void aClassNeverWarnsBeforeTheExpectedRenewalNorAfterItIsCritical(
            @ForAll @LongRange(min = 1, max = TEN_YEARS) long lifetime,
            @ForAll boolean authority,
            @ForAll boolean selfSigned) {
        CertificateFacts facts = VerdictTest.facts(Duration.ofSeconds(lifetime), authority, selfSigned);

        Verdict verdict = Verdict.of(facts, Thresholds.BY_CLASS, facts.notBefore());

        // shares are rounded to milliseconds
        assertThat(verdict.warnsAt().plusMillis(1)).isAfterOrEqualTo(verdict.expectedRenewal());
        assertThat(verdict.criticalAt()).isBetween(verdict.warnsAt(), facts.notAfter());
    }

    private static Thresholds thresholds(int set) {
        return switch (set) {
            case 0 -> Thresholds.BY_CLASS;
            case 1 -> new Thresholds(Threshold.parse("75%"), null);
            case 2 -> new Thresholds(null, Threshold.parse("7d"));
            case 3 -> new Thresholds(Threshold.parse("30d"), Threshold.parse("90%"));
            default -> new Thresholds(Threshold.parse("7d"), Threshold.parse("60%"));
        };
    }
}
