package dev.detour.health.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

class BackendBreakerProperties {
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final Duration RAMP = Duration.ofSeconds(10);
    private static final long FAST = 1_000_000;

    enum Step {
        ACQUIRE,
        ACQUIRE_SEVERAL,
        SUCCEED_OLDEST,
        FAIL_OLDEST,
        FAIL_NEWEST,
        RELEASE_OLDEST,
        RELEASE_NEWEST,
        WAIT_A_SECOND,
        WAIT_FOR_TRIAL
    }

    /** Random calls, outcomes and waits, with the invariants looked at after every step. */
    @Property(tries = 500)
    void neverLendsMoreTrialsThanAllowedAndNeverOpensEarly(
            @ForAll @Size(min = 1, max = 400) List<Step> steps, @ForAll @IntRange(min = 1, max = 5) int trialCalls) {
        Run run = new Run(trialCalls);

        steps.forEach(run::step);
    }

    /** However it got there: once every call is reported and calls succeed, traffic comes back. */
    @Property(tries = 300)
    void closesOnceEverythingIsReportedAndCallsSucceed(
            @ForAll @Size(min = 1, max = 200) List<Step> steps, @ForAll @IntRange(min = 1, max = 5) int trialCalls) {
        Run run = new Run(trialCalls);
        steps.forEach(run::step);
        run.releaseAll();

        // failures recorded before may open it once more, in the first round from closed or from half-open
        run.succeedAfterWaiting(trialCalls);
        run.succeedAfterWaiting(trialCalls);

        assertThat(run.breaker.state()).isEqualTo(BreakerState.CLOSED);
    }

    /** A breaker with the calls that have no outcome yet. */
    private static final class Run {
        private final ManualClock clock = ManualClock.create();
        private final int trialCalls;
        private final List<Permit> pending = new ArrayList<>();
        private final BackendBreaker breaker;
        /** What the latest half-open phase lends. */
        private @Nullable Permit trial;

        Run(int trialCalls) {
            this.trialCalls = trialCalls;
            breaker = new BackendBreaker(
                    "b",
                    new BackendConfig.Breaker(6, 3, 0.5, Duration.ofSeconds(4), 1.0, OPEN_FOR, trialCalls, RAMP),
                    clock,
                    clock.nanoTime(),
                    (backend, from, to, last) -> assertThat(from).isNotEqualTo(to));
        }

        void step(Step step) {
            switch (step) {
                case ACQUIRE -> acquire();
                case ACQUIRE_SEVERAL -> {
                    for (int i = 0; i < 4; i++) {
                        acquire();
                    }
                }
                case WAIT_FOR_TRIAL -> clock.advance(OPEN_FOR.plusMillis(1));
                case WAIT_A_SECOND -> clock.advance(Duration.ofSeconds(1));
                case SUCCEED_OLDEST, FAIL_OLDEST, RELEASE_OLDEST -> end(step, 0);
                case FAIL_NEWEST, RELEASE_NEWEST -> end(step, pending.size() - 1);
            }
            assertThat(breaker.share()).isBetween(0.1, 1.0);
            if (!breaker.since().plus(RAMP).isAfter(clock.instant()) || breaker.state() != BreakerState.CLOSED) {
                assertThat(breaker.share()).isEqualTo(1);
            }
            long trials = pending.stream().filter(each -> each == trial).count();
            if (breaker.state() == BreakerState.HALF_OPEN) {
                assertThat(trials).isLessThanOrEqualTo(trialCalls);
            }
        }

        private void acquire() {
            Instant trialFrom = breaker.nextTrial();
            BreakerState before = breaker.state();

            Permit permit = breaker.acquire();

            if (before == BreakerState.CLOSED) {
                assertThat(permit).isEqualTo(Permit.ORDINARY);
            }
            if (trialFrom != null && clock.instant().isBefore(trialFrom)) {
                assertThat(permit).isEqualTo(Permit.REFUSED);
            }
            if (permit != Permit.REFUSED) {
                pending.add(permit);
                trial = permit.isTrial() ? permit : trial;
            }
        }

        private void end(Step step, int index) {
            if (pending.isEmpty()) {
                return;
            }
            Permit permit = pending.remove(index);
            switch (step) {
                case SUCCEED_OLDEST -> breaker.succeeded(permit, FAST);
                case FAIL_OLDEST, FAIL_NEWEST ->
                    breaker.failed(permit, FAST, Failure.of(FailureKind.RESET, "connection reset"));
                default -> breaker.release(permit);
            }
        }

        void succeedAfterWaiting(int calls) {
            clock.advance(OPEN_FOR.plusSeconds(1));
            for (int i = 0; i < calls; i++) {
                Permit permit = breaker.acquire();
                if (permit != Permit.REFUSED) {
                    breaker.succeeded(permit, FAST);
                }
            }
        }

        void releaseAll() {
            pending.forEach(breaker::release);
            pending.clear();
        }
    }
}
