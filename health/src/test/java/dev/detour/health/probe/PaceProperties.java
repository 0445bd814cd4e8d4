package dev.detour.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

class PaceProperties {

    @Property
    void probesBeginAPeriodApartGiveOrTakeATenth(
            @ForAll @LongRange(min = 10, max = 3_600_000) long everyMillis,
            @ForAll @DoubleRange(max = 1.0, maxIncluded = false) double jitter,
            @ForAll @DoubleRange(max = 0.9) double tookShare) {
        long every = everyMillis * 1_000_000;
        long took = (long) (every * tookShare);

        long apart = took + new Pace(Duration.ofNanos(every), () -> jitter).pause(took);

        // a nanosecond for rounding
        assertThat(apart).isBetween((long) (every * 0.9) - 1, (long) (every * 1.1) + 1);
    }

    @Property
    void probeThatTookLongerThanThePeriodIsFollowedAtOnce(
            @ForAll @DoubleRange(max = 1.0, maxIncluded = false) double jitter) {
        Pace pace = new Pace(Duration.ofMillis(100), () -> jitter);

        assertThat(pace.pause(Duration.ofMillis(111).toNanos())).isZero();
    }

    @Example
    void spansTheWholeRange() {
        Duration every = Duration.ofSeconds(10);

        assertThat(new Pace(every, () -> 0).pause(0)).isEqualTo(9_000_000_000L);
        assertThat(new Pace(every, () -> 0.5).pause(0)).isEqualTo(10_000_000_000L);
        assertThat(new Pace(every, () -> 0.9999).pause(0)).isBetween(10_999_000_000L, 11_000_000_000L);
    }
}
