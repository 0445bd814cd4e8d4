package dev.detour.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    private final Instant start = Instant.parse("2026-03-01T12:00:00Z");
    private final ManualClock clock = ManualClock.at(start);

    @Test
    void standsStillUntilItIsTurned() {
        assertThat(clock.instant()).isEqualTo(start).isEqualTo(clock.instant());
    }

    @Test
    void wallTimeAndNanoTimeMoveTogether() {
        LongSupplier nanos = clock.nanoTime();
        long before = nanos.getAsLong();

        clock.advance(Duration.ofMillis(1500));

        assertThat(clock.instant()).isEqualTo(start.plusMillis(1500));
        assertThat(nanos.getAsLong() - before).isEqualTo(1_500_000_000L);
    }

    @Test
    void clockInAnotherZoneTurnsAlong() {
        ManualClock elsewhere = clock.withZone(ZoneId.of("Europe/Berlin"));

        clock.advance(Duration.ofHours(1));

        assertThat(elsewhere.instant()).isEqualTo(clock.instant());
    }

    @Test
    void cannotBeTurnedBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }
}
