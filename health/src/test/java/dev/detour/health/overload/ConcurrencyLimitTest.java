package dev.detour.health.overload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.config.BackendConfig;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
    private static final long FAST = Duration.ofMillis(20).toNanos();

    private final ManualClock clock = ManualClock.create();

    private ConcurrencyLimit limit(boolean adaptive, int minimum, int maximum) {
        BackendConfig.Overload config =
                new BackendConfig.Overload(64, adaptive, minimum, maximum, 100, Duration.ofSeconds(1), 0, 1);
        return new ConcurrencyLimit(config, clock.nanoTime());
    }

    @Test
    void startsWithAHundredOrWhatTheBoundsAllow() {
        assertThat(limit(true, 10, 1000).limit()).isEqualTo(100);
        assertThat(limit(true, 10, 60).limit()).isEqualTo(60);
        assertThat(limit(true, 200, 1000).limit()).isEqualTo(200);
    }

    @Test
    void letsInAsManyAsTheLimit() {
        ConcurrencyLimit limit = limit(false, 1, 2);

        boolean first = limit.tryAcquire(1);
        boolean second = limit.tryAcquire(1);
        boolean third = limit.tryAcquire(1);
        limit.release();
        boolean fourth = limit.tryAcquire(1);

        assertThat(new boolean[] {first, second, third, fourth}).containsExactly(true, true, false, true);
        assertThat(limit.inFlight()).isEqualTo(2);
    }

    @Test
    void lessImportantRequestsFindItFullSooner() {
        ConcurrencyLimit limit = limit(false, 1, 10);
        for (int i = 0; i < 5; i++) {
            limit.tryAcquire(0.5);
        }

        assertThat(limit.tryAcquire(0.5)).isFalse();
        assertThat(limit.tryAcquire(1)).isTrue();
    }

    @Test
    void evenTheSmallestShareLetsOneIn() {
        assertThat(limit(false, 1, 1).tryAcquire(0.1)).isTrue();
    }

    @Test
    void growsWhileResponseTimesStayTheSameUnderGrowingLoad() {
        ConcurrencyLimit limit = limit(true, 10, 1000);
        Load load = new Load(limit, inFlight -> FAST);

        load.run(1000, 30);

        assertThat(limit.limit()).isGreaterThan(300);
    }

    @Test
    void fallsToWhatTheBackendCanDoWhenResponseTimesMultiply() {
        ConcurrencyLimit limit = limit(true, 10, 1000);
        Load load = new Load(limit, inFlight -> FAST * Math.max(50, inFlight) / 50);
        load.run(40, 10);
        int before = limit.limit();

        load.run(1000, 15);

        assertThat(before).isEqualTo(100);
        assertThat(limit.limit()).isBetween(50, 95);
    }

    @Test
    void fallsToTheMinimumAndGrowsAgainWhenTheBackendHasRecovered() {
        ConcurrencyLimit limit = limit(true, 10, 1000);
        Load load = new Load(limit, inFlight -> FAST);
        load.run(200, 10);
        int healthy = limit.limit();
        load.answers = inFlight -> 20 * FAST;
        load.run(200, 10);
        int ill = limit.limit();
        load.answers = inFlight -> FAST;

        load.run(200, 30);

        assertThat(ill).isLessThan(healthy / 3);
        assertThat(limit.limit()).isGreaterThan(100);
    }

    @Test
    void idleTeachesNothing() {
        ConcurrencyLimit limit = limit(true, 10, 1000);
        Load load = new Load(limit, inFlight -> FAST);
        load.run(20, 5);
        load.answers = inFlight -> 20 * FAST;

        load.run(20, 30);

        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void burstsFromIdleNeverShrinkItBelowTheMinimum() {
        ConcurrencyLimit limit = limit(true, 30, 1000);
        Load load = new Load(limit, inFlight -> FAST);
        for (int burst = 0; burst < 20; burst++) {
            load.answers = inFlight -> FAST;
            load.run(3, 5);
            load.answers = inFlight -> FAST * (1 + inFlight);

            load.run(1000, 2);

            assertThat(limit.limit()).isGreaterThanOrEqualTo(30);
        }
    }

    @Test
    void timeoutsShrinkIt() {
        ConcurrencyLimit limit = limit(true, 10, 1000);
        Load load = new Load(limit, inFlight -> FAST);
        load.run(100, 5);
        int before = limit.limit();

        load.timeOut = true;
        load.run(100, 5);

        assertThat(limit.limit()).isLessThan(before);
    }

    @Test
    void fixedLimitNeverMoves() {
        ConcurrencyLimit limit = limit(false, 10, 200);
        Load load = new Load(limit, inFlight -> FAST * (1 + inFlight));

        load.run(1000, 5);

        assertThat(limit.limit()).isEqualTo(200);
    }

    @Test
    void refusesBoundsThatAreNone() {
        assertThatThrownBy(() -> limit(true, 0, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("minimum: 0 (expected: from 1 to the maximum 10)");
        assertThatThrownBy(() -> limit(false, 1, 0)).hasMessage("maximum: 0 (expected: at least 1)");
    }

    /** A simulated backend in steps of a millisecond, with clients that ask as soon as they may. */
    private final class Load {
        private final ConcurrencyLimit limit;
        private final PriorityQueue<Call> calls = new PriorityQueue<>(Comparator.comparingLong(Call::end));
        private IntToLongFunction answers;
        private boolean timeOut;

        private record Call(long start, long end) {}

        /** @param answers time of an answer, by the number of requests in progress */
        Load(ConcurrencyLimit limit, IntToLongFunction answers) {
            this.limit = limit;
            this.answers = answers;
        }

        void run(int clients, int seconds) {
            for (int step = 0; step < seconds * 1000; step++) {
                clock.advance(Duration.ofMillis(1));
                long now = clock.nanoTime().getAsLong();
                while (!calls.isEmpty() && calls.peek().end() - now <= 0) {
                    Call call = calls.remove();
                    if (timeOut) {
                        limit.dropped(call.start(), call.end() - call.start());
                    } else {
                        limit.sample(call.start(), call.end() - call.start());
                    }
                    limit.release();
                }
                while (calls.size() < clients && limit.tryAcquire(1)) {
                    long took = timeOut ? 10 * FAST : answers.applyAsLong(limit.inFlight());
                    calls.add(new Call(now, now + took));
                }
            }
        }
    }
}
