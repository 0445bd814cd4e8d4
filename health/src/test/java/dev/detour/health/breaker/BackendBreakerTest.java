package dev.detour.health.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendBreakerTest {
    private static final Failure REFUSED = Failure.of(FailureKind.REFUSED, "connection refused");
    private static final long FAST = Duration.ofMillis(5).toNanos();
    private static final long SLOW = Duration.ofSeconds(5).toNanos();

    private final ManualClock clock = ManualClock.create();
    private final List<String> transitions = new ArrayList<>();
    private final BackendBreaker breaker =
            breaker(new BackendConfig.Breaker(20, 10, 0.5, Duration.ofSeconds(4), 0.8, Duration.ofSeconds(5), 3));

    private BackendBreaker breaker(BackendConfig.Breaker config) {
        return new BackendBreaker(
                "warehouse",
                config,
                clock,
                clock.nanoTime(),
                (backend, from, to, last) -> transitions.add(
                        backend + " " + from.label() + ">" + to.label() + " " + (last == null ? "-" : last.label())));
    }

    @Test
    void staysClosedBelowTheMinimumOfCalls() {
        fail(9);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(breaker.acquire()).isEqualTo(Permit.ORDINARY);
    }

    @Test
    void opensOnceTheShareOfFailuresIsReached() {
        succeed(5);
        fail(5);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(breaker.acquire()).isEqualTo(Permit.REFUSED);
    }

    @Test
    void opensOnSlowSuccessesAlone() {
        for (int i = 0; i < 10; i++) {
            breaker.succeeded(breaker.acquire(), SLOW);
        }

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
        assertThat(transitions).containsExactly("warehouse closed>open -");
    }

    @Test
    void aWallClockThatIsSetBackDoesNotKeepItOpen() {
        ManualClock wall = ManualClock.create();
        BackendBreaker twoClocks = new BackendBreaker(
                "warehouse",
                new BackendConfig.Breaker(1, 1, 0.5, Duration.ofSeconds(4), 0.8, Duration.ofSeconds(5), 1),
                wall,
                clock.nanoTime(),
                (backend, from, to, last) -> {});
        twoClocks.failed(twoClocks.acquire(), FAST, REFUSED);

        // the wall clock shows the same time as before
        clock.advance(Duration.ofSeconds(5).plusMillis(1));

        assertThat(twoClocks.acquire().isTrial()).isTrue();
    }

    @Test
    void releasedCallsDoNotCount() {
        succeed(5);
        fail(4);
        for (int i = 0; i < 50; i++) {
            breaker.release(breaker.acquire());
        }

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusesUntilOpenForHasPassed() {
        fail(10);
        clock.advance(Duration.ofMillis(4999));

        assertThat(breaker.acquire()).isEqualTo(Permit.REFUSED);

        clock.advance(Duration.ofMillis(2));
        assertThat(breaker.acquire().isTrial()).isTrue();
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void saysWhenTheNextTrialIs() {
        assertThat(breaker.nextTrial()).isNull();
        clock.advance(Duration.ofSeconds(30));

        fail(10);

        assertThat(breaker.since()).isEqualTo(clock.instant());
        assertThat(breaker.nextTrial()).isEqualTo(clock.instant().plusSeconds(5));
        assertThat(breaker.lastFailure()).isEqualTo(REFUSED);
    }

    @Test
    void letsOnlyTheTrialCallsThrough() {
        halfOpen();

        assertThat(List.of(breaker.acquire(), breaker.acquire(), breaker.acquire(), breaker.acquire()))
                .extracting(Permit::isTrial)
                .containsExactly(true, true, true, false);
    }

    @Test
    void closesAfterTheTrialsSucceeded() {
        halfOpen();

        succeed(3);

        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(transitions)
                .containsExactly(
                        "warehouse closed>open refused",
                        "warehouse open>half_open refused",
                        "warehouse half_open>closed refused");
    }

    @Test
    void opensAgainWhenTheTrialsFail() {
        halfOpen();

        fail(3);

        assertThat(breaker.state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void releasedTrialIsLentAgain() {
        halfOpen();
        Permit first = breaker.acquire();
        breaker.acquire();
        breaker.acquire();

        breaker.release(first);

        assertThat(breaker.acquire().isTrial()).isTrue();
        assertThat(breaker.acquire()).isEqualTo(Permit.REFUSED);
    }

    @Test
    void callsFromBeforeTheOpeningNeitherDecideNorAddTrials() {
        Permit before = breaker.acquire();
        halfOpen();
        List<Permit> trials = List.of(breaker.acquire(), breaker.acquire(), breaker.acquire());

        breaker.release(before);
        breaker.failed(before, FAST, REFUSED);
        breaker.failed(before, FAST, REFUSED);

        assertThat(breaker.acquire()).isEqualTo(Permit.REFUSED);
        trials.forEach(trial -> breaker.succeeded(trial, FAST));
        assertThat(breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialThatOutlivesItsPhaseDecidesNothingInTheNext() {
        BackendBreaker eager =
                breaker(new BackendConfig.Breaker(2, 1, 0.5, Duration.ofSeconds(4), 0.8, Duration.ofSeconds(5), 2));
        eager.failed(eager.acquire(), FAST, REFUSED);
        clock.advance(Duration.ofSeconds(6));
        Permit late = eager.acquire();
        eager.failed(eager.acquire(), FAST, REFUSED);
        clock.advance(Duration.ofSeconds(6));
        Permit current = eager.acquire();

        eager.failed(late, FAST, REFUSED);

        assertThat(eager.state()).isEqualTo(BreakerState.HALF_OPEN);
        eager.succeeded(current, FAST);
        assertThat(eager.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void trialsThatAreNeverReportedKeepItHalfOpen() {
        halfOpen();
        breaker.acquire();
        breaker.acquire();
        breaker.acquire();

        clock.advance(Duration.ofDays(1));

        assertThat(breaker.acquire()).isEqualTo(Permit.REFUSED);
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void shareOfTheTrafficGrowsAfterTheTrialsSucceeded() {
        BackendBreaker ramped = ramped(Duration.ofSeconds(10));
        closeAfterTrial(ramped);
        double first = ramped.share();
        clock.advance(Duration.ofSeconds(5));
        double half = ramped.share();
        clock.advance(Duration.ofSeconds(5));

        assertThat(first).isEqualTo(0.1, within(0.001));
        assertThat(half).isEqualTo(0.55, within(0.001));
        assertThat(ramped.share()).isEqualTo(1);
    }

    @Test
    void wholeTrafficComesBackAtOnceWithoutARamp() {
        BackendBreaker ramped = ramped(Duration.ZERO);

        closeAfterTrial(ramped);

        assertThat(ramped.share()).isEqualTo(1);
    }

    @Test
    void shareIsWholeBeforeAnythingFailedAndForTrials() {
        BackendBreaker ramped = ramped(Duration.ofSeconds(10));
        double before = ramped.share();
        ramped.failed(ramped.acquire(), FAST, REFUSED);
        clock.advance(Duration.ofSeconds(6));
        ramped.acquire();

        assertThat(before).isEqualTo(1);
        assertThat(ramped.state()).isEqualTo(BreakerState.HALF_OPEN);
        assertThat(ramped.share()).isEqualTo(1);
    }

    @Test
    void rampBeginsAnewEachTimeTheBreakerCloses() {
        BackendBreaker ramped = ramped(Duration.ofSeconds(10));
        closeAfterTrial(ramped);
        clock.advance(Duration.ofSeconds(9));
        ramped.share();

        closeAfterTrial(ramped);

        assertThat(ramped.share()).isEqualTo(0.1, within(0.001));
    }

    @Test
    void ordinaryCallsAreGrantedDuringTheRamp() {
        BackendBreaker ramped = ramped(Duration.ofSeconds(10));
        closeAfterTrial(ramped);
        clock.advance(Duration.ofSeconds(1));

        assertThat(ramped.share()).isEqualTo(0.19, within(0.001));
        assertThat(ramped.state()).isEqualTo(BreakerState.CLOSED);
        assertThat(ramped.acquire()).isEqualTo(Permit.ORDINARY);
    }

    private BackendBreaker ramped(Duration ramp) {
        return breaker(
                new BackendConfig.Breaker(2, 1, 0.5, Duration.ofSeconds(4), 0.8, Duration.ofSeconds(5), 1, ramp));
    }

    private void closeAfterTrial(BackendBreaker ramped) {
        ramped.failed(ramped.acquire(), FAST, REFUSED);
        clock.advance(Duration.ofSeconds(6));
        ramped.succeeded(ramped.acquire(), FAST);
        assertThat(ramped.state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void refusesAShareOutOfRange() {
        BackendConfig.Breaker wrong =
                new BackendConfig.Breaker(20, 10, 1.5, Duration.ofSeconds(4), 0.8, Duration.ofSeconds(5), 3);

        assertThatThrownBy(() -> breaker(wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    private void halfOpen() {
        fail(10);
        clock.advance(Duration.ofSeconds(6));
        breaker.release(breaker.acquire());
        assertThat(breaker.state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    private void fail(int calls) {
        for (int i = 0; i < calls; i++) {
            breaker.failed(breaker.acquire(), FAST, REFUSED);
        }
    }

    private void succeed(int calls) {
        for (int i = 0; i < calls; i++) {
            breaker.succeeded(breaker.acquire(), FAST);
        }
    }
}
