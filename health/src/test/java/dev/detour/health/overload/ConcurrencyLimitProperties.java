package dev.detour.health.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ConcurrencyLimitProperties {
    /**
     * A moment of a backend's life.
     *
     * @param asked how many requests want in
     * @param ended how many of those in progress end
     * @param nanos time of their answers
     */
    record Moment(int asked, int ended, long nanos, boolean dropped) {}

    @Provide
    Arbitrary<List<Moment>> life() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 80),
                        Arbitraries.integers().between(0, 80),
                        Arbitraries.longs().between(0, TimeUnit.SECONDS.toNanos(60)),
                        Arbitraries.of(true, false))
                .as(Moment::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(200);
    }

    @Property(tries = 500)
    void limitStaysWithinItsBoundsAndWhatIsInProgressWithinTheLimit(
            @ForAll("life") List<Moment> life,
            @ForAll @IntRange(min = 1, max = 150) int minimum,
            @ForAll @IntRange(min = 0, max = 300) int more) {
        ManualClock clock = ManualClock.create();
        int maximum = minimum + more;
        ConcurrencyLimit limit = new ConcurrencyLimit(
                new BackendConfig.Overload(64, true, minimum, maximum, 0, Duration.ZERO, 0, 1), clock.nanoTime());
        int inFlight = 0;

        for (Moment moment : life) {
            for (int i = 0; i < moment.asked(); i++) {
                boolean room = inFlight < limit.limit();
                assertThat(limit.tryAcquire(1)).isEqualTo(room);
                inFlight += room ? 1 : 0;
            }
            clock.advance(Duration.ofMillis(300));
            long now = clock.nanoTime().getAsLong();
            for (int i = 0; i < moment.ended() && inFlight > 0; i++, inFlight--) {
                if (moment.dropped()) {
                    limit.dropped(now - moment.nanos(), moment.nanos());
                } else {
                    limit.sample(now - moment.nanos(), moment.nanos());
                }
                limit.release();
            }

            assertThat(limit.limit()).isBetween(minimum, maximum);
            assertThat(limit.inFlight()).isEqualTo(inFlight);
        }
    }
}
