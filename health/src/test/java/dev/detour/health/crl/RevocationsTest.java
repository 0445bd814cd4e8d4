package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    private final Revocations.Counter counter = new Revocations.Counter();

    @Test
    void aDayCountsOnceItHasEnded() {
        add(NOON, 3);
        add(NOON.plus(Duration.ofDays(1)), 4);

        Revocations revocations = counter.done();

        assertThat(revocations.endedBefore(NOON)).isZero();
        assertThat(revocations.endedBefore(Instant.parse("2026-03-10T23:59:59Z")))
                .isZero();
        assertThat(revocations.endedBefore(Instant.parse("2026-03-11T00:00:00Z")))
                .isEqualTo(3);
        assertThat(revocations.endedBefore(Instant.parse("2026-03-12T00:00:00Z")))
                .isEqualTo(7);
        assertThat(revocations.count()).isEqualTo(7);
    }

    @Test
    void datesBeyondAllCertificatesAreCountedWithoutMemoryForThem() {
        Instant first = Instant.parse("0000-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59Z");
        add(first, 1);
        add(NOON, 1);
        add(last, 1);

        Revocations revocations = counter.done();

        assertThat(revocations.oldest()).isEqualTo(first);
        assertThat(revocations.newest()).isEqualTo(last);
        assertThat(revocations.endedBefore(NOON)).isEqualTo(1);
        assertThat(revocations.endedBefore(NOON.plus(Duration.ofDays(1)))).isEqualTo(2);
        assertThat(revocations.endedBefore(Instant.MAX)).isEqualTo(3);
        assertThat(revocations.endedBefore(Instant.MIN)).isZero();
    }

    @Test
    void theRateIsThatOfAllDays() {
        for (int day = 1; day <= 100; day++) {
            add(NOON.minus(Duration.ofDays(day)), 10);
        }

        assertThat(counter.done().perDay(NOON)).isCloseTo(10, within(0.001));
    }

    @Test
    void theRateIsThatOfTheLastWeekIfItWasBusier() {
        for (int day = 1; day <= 100; day++) {
            add(NOON.minus(Duration.ofDays(day)), day <= 7 ? 70 : 10);
        }

        assertThat(counter.done().perDay(NOON)).isCloseTo(70, within(0.001));
    }

    @Test
    void aBurstOfTodayIsTheRateOfADay() {
        add(NOON.minusSeconds(60), 500);

        assertThat(counter.done().perDay(NOON)).isEqualTo(500);
    }

    @Test
    void withoutRevocationsThereIsNoRate() {
        assertThat(counter.done().perDay(NOON)).isZero();
        assertThat(counter.done().endedBefore(NOON)).isZero();
    }

    private void add(Instant time, int times) {
        for (int i = 0; i < times; i++) {
            counter.add(time.getEpochSecond());
        }
    }
}
