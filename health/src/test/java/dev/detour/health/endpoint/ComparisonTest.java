package dev.detour.health.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an interval's comparison does, seen from outside: no row of failures is ever long enough to eject by itself. */
class ComparisonTest {
    private static final Failure BROKEN = Failure.status(503);
    private static final int MINIMUM = 10;

    private final ManualClock clock = ManualClock.create();
    private final Siblings siblings = new Siblings(
            "index",
            new BackendConfig.Outlier(
                    1000, 0.5, MINIMUM, 3, Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5), 0.34),
            Duration.ZERO,
            Duration.ZERO,
            clock,
            clock.nanoTime(),
            (backend, endpoint, from, to, because) -> {});
    private final EndpointHealth first = siblings.join("first", true);
    private final EndpointHealth second = siblings.join("second", true);
    private final EndpointHealth third = siblings.join("third", true);

    @Test
    void endpointThatFailsWhereItsSiblingsDoNotIsEjected() {
        calls(first, 20, 12, 20);
        calls(second, 20, 1, 20);
        calls(third, 20, 1, 20);

        endInterval();

        assertThat(standings()).containsExactly(Standing.EJECTED, Standing.UP, Standing.UP);
        assertThat(first.failure()).satisfies(failure -> {
            assertThat(failure.label()).isEqualTo("status_503");
            assertThat(failure.detail())
                    .isEqualTo("12 of 20 calls failed, of its siblings' 5%; the latest: status 503");
        });
    }

    @Test
    void shareBelowTheRateIsNoVerdict() {
        calls(first, 20, 9, 20);
        calls(second, 20, 0, 20);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void whatAllEndpointsDoIsNotOnesFault() {
        calls(first, 20, 18, 20);
        calls(second, 20, 12, 20);
        calls(third, 20, 12, 20);

        endInterval();

        assertThat(standings()).containsOnly(Standing.UP);
    }

    @Test
    void tooFewCallsAreNoVerdict() {
        calls(first, MINIMUM - 1, MINIMUM - 1, 20);
        calls(second, 20, 0, 20);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void siblingsWithTooFewCallsAreNoMeasure() {
        calls(first, 20, 20, 20);
        calls(second, MINIMUM - 1, 0, 20);
        calls(third, MINIMUM - 1, 0, 20);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void callsOfThePreviousIntervalDoNotCount() {
        calls(first, 20, 0, 20);
        calls(second, 20, 0, 20);
        endInterval();
        calls(first, MINIMUM - 1, MINIMUM - 1, 20);
        calls(second, 20, 0, 20);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void endpointMuchSlowerThanItsSiblingsIsEjectedAndSaysSo() {
        calls(first, 20, 0, 150);
        calls(second, 20, 0, 40);
        calls(third, 20, 0, 50);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
        assertThat(first.failure())
                .isEqualTo(Failure.of(FailureKind.SLOW, "takes 150 ms to answer on average, its siblings 45 ms"));
    }

    @Test
    void multipleBelowTheFactorIsNotSlow() {
        calls(first, 20, 0, 580);
        calls(second, 20, 0, 200);
        calls(third, 20, 0, 200);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void differenceThatNobodyNoticesIsNotSlow() {
        calls(first, 20, 0, 90);
        calls(second, 20, 0, 2);
        calls(third, 20, 0, 2);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    @Test
    void timeoutsMakeAnEndpointSlow() {
        calls(first, 20, 0, 20);
        for (int i = 0; i < 3; i++) {
            first.failed(Failure.of(FailureKind.FIRST_BYTE_TIMEOUT, "no answer within 5 s"), millis(5000));
        }
        calls(second, 20, 0, 20);

        endInterval();

        assertThat(first.standing()).isEqualTo(Standing.EJECTED);
        assertThat(first.failure()).extracting(Failure::kind).isEqualTo(FailureKind.SLOW);
    }

    @Test
    void refusalsDoNotMakeAnEndpointFast() {
        calls(first, 20, 0, 300);
        for (int i = 0; i < 15; i++) {
            first.failed(Failure.of(FailureKind.REFUSED, "connection refused"), 0);
        }
        calls(second, 20, 0, 50);

        endInterval();

        assertThat(first.failure()).extracting(Failure::kind).isEqualTo(FailureKind.SLOW);
    }

    @Test
    void worstGoesIfOnlyOneMay() {
        calls(first, 20, 0, 400);
        calls(second, 40, 24, 20);
        calls(third, 40, 0, 20);

        endInterval();

        assertThat(standings()).containsExactly(Standing.UP, Standing.EJECTED, Standing.UP);
    }

    @Test
    void intervalIsWaitedFor() {
        calls(first, 20, 20, 20);
        calls(second, 20, 0, 20);

        clock.advance(Duration.ofMillis(9_999));
        siblings.tick();

        assertThat(first.standing()).isEqualTo(Standing.UP);
    }

    private void endInterval() {
        clock.advance(Duration.ofSeconds(10));
        siblings.tick();
    }

    private List<Standing> standings() {
        return List.of(first.standing(), second.standing(), third.standing());
    }

    private static void calls(EndpointHealth health, int calls, int failed, long millis) {
        for (int i = 0; i < calls; i++) {
            if (i < failed) {
                health.failed(BROKEN, millis(1));
            } else {
                health.succeeded(millis(millis));
            }
        }
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
