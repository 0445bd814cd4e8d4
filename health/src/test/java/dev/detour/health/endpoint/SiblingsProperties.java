package dev.detour.health.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.failure.Failure;
import dev.detour.health.failure.FailureKind;
import dev.detour.health.tls.TlsReason;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Any sequence of events, beside a model that does the rules one after the other with plain fields. */
class SiblingsProperties {
    private static final Failure REFUSED = Failure.of(FailureKind.REFUSED, "connection refused");
    private static final Failure BROKEN = Failure.status(502);
    private static final Failure EXPIRED = Failure.tls(TlsReason.EXPIRED, "certificate expired");
    private static final int CONSECUTIVE = 2;
    private static final long INTERVAL = 5_000;
    private static final long EJECT_FOR = 7_000;
    private static final long EJECT_AT_MOST = 25_000;

    enum What {
        SUCCEED,
        SUCCEED_TWICE,
        FAIL_BROKEN,
        FAIL_BROKEN_TWICE,
        FAIL_REFUSED_TWICE,
        FAIL_EXPIRED,
        PROBE_GOOD,
        PROBE_REFUSED,
        PROBE_EXPIRED,
        CONNECTED,
        VERDICT_DOWN,
        VERDICT_UP,
        LEAVE,
        JOIN,
        PASS_SOME_TIME,
        PASS_AN_INTERVAL
    }

    record Event(What what, int endpoint) {}

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                        Arbitraries.of(What.class), Arbitraries.integers().between(0, 5))
                .as(Event::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(150);
    }

    @Property(tries = 1000)
    void standsAsTheModelSaysAfterAnySequenceOfEvents(
            @ForAll("events") List<Event> events,
            @ForAll @IntRange(min = 1, max = 6) int endpoints,
            @ForAll @DoubleRange(min = 0.05, max = 1) double maxEjected) {
        Run run = new Run(endpoints, maxEjected);

        events.forEach(run::step);
    }

    /** One endpoint as the model sees it. */
    private static final class Model {
        final EndpointHealth real;
        Standing standing = Standing.UP;
        int row;
        int owed;
        int times;
        long until;
        boolean upAllInterval;

        @Nullable Failure cause;

        Model(EndpointHealth real) {
            this.real = real;
        }
    }

    private static final class Run {
        private final ManualClock clock = ManualClock.create();
        private final Instant start = clock.instant();
        private final double maxEjected;
        private final Siblings siblings;
        private final List<Model> members = new ArrayList<>();
        private final Map<String, Standing> told = new HashMap<>();
        private long compared;
        private int names;

        Run(int endpoints, double maxEjected) {
            this.maxEjected = maxEjected;
            this.siblings = new Siblings(
                    "index",
                    // no verdicts by comparison: ComparisonTest has them
                    new BackendConfig.Outlier(
                            CONSECUTIVE,
                            1,
                            Integer.MAX_VALUE,
                            2,
                            Duration.ofMillis(INTERVAL),
                            Duration.ofMillis(EJECT_FOR),
                            Duration.ofMillis(EJECT_AT_MOST),
                            maxEjected),
                    Duration.ofSeconds(3),
                    Duration.ZERO,
                    clock,
                    clock.nanoTime(),
                    (backend, endpoint, from, to, because) -> {
                        assertThat(told.put(endpoint, to)).isEqualTo(from);
                        assertThat(to).isNotEqualTo(from);
                    });
            for (int i = 0; i < endpoints; i++) {
                join();
            }
        }

        private void join() {
            String name = "endpoint-" + names++;
            told.put(name, Standing.UP);
            members.add(new Model(siblings.join(name, names % 2 == 0)));
        }

        private long now() {
            return Duration.between(start, clock.instant()).toMillis();
        }

        void step(Event event) {
            if (event.what() == What.PASS_SOME_TIME || event.what() == What.PASS_AN_INTERVAL) {
                pass(event.what() == What.PASS_SOME_TIME ? 500 + 900L * event.endpoint() : INTERVAL);
            } else if (event.what() == What.JOIN && members.size() < 7) {
                join();
            } else if (!members.isEmpty()) {
                on(members.get(event.endpoint() % members.size()), event.what());
            }
            check();
        }

        private void on(Model one, What what) {
            switch (what) {
                case SUCCEED -> succeed(one);
                case SUCCEED_TWICE -> {
                    succeed(one);
                    succeed(one);
                }
                case FAIL_BROKEN -> fail(one, BROKEN);
                case FAIL_BROKEN_TWICE -> {
                    fail(one, BROKEN);
                    fail(one, BROKEN);
                }
                case FAIL_REFUSED_TWICE -> {
                    fail(one, REFUSED);
                    fail(one, REFUSED);
                }
                case FAIL_EXPIRED -> fail(one, EXPIRED);
                case PROBE_GOOD, CONNECTED -> goodProbe(one, what == What.PROBE_GOOD);
                case PROBE_REFUSED -> one.real.probed(REFUSED);
                case PROBE_EXPIRED -> {
                    one.real.probed(EXPIRED);
                    reject(one);
                }
                case VERDICT_DOWN -> {
                    one.real.verdict(false, REFUSED);
                    one.standing = Standing.DOWN;
                    one.upAllInterval = false;
                }
                case VERDICT_UP -> {
                    one.real.verdict(true, null);
                    if (one.standing == Standing.DOWN) {
                        back(one);
                    }
                }
                case LEAVE -> leave(one);
                default -> {}
            }
        }

        private void succeed(Model one) {
            one.real.succeeded(1_000_000);
            one.row = 0;
            if (one.standing == Standing.UP && one.owed > 0) {
                one.owed--;
            }
        }

        private void fail(Model one, Failure failure) {
            one.real.failed(failure, 1_000_000);
            one.row++;
            if (failure.equals(EXPIRED)) {
                reject(one);
                return;
            }
            if (one.standing == Standing.UP && (one.owed > 0 || one.row >= CONSECUTIVE)) {
                one.owed = one.owed > 0 ? CONSECUTIVE : 0;
                if (ejected() < allowed()) {
                    takeOut(one, Standing.EJECTED, failure, true);
                }
            }
        }

        private void reject(Model one) {
            if (one.standing == Standing.UP || one.standing == Standing.EJECTED) {
                takeOut(one, Standing.REJECTED, EXPIRED, one.standing == Standing.UP);
            }
        }

        private void takeOut(Model one, Standing to, Failure cause, boolean again) {
            one.times = again ? Math.min(one.times + 1, 4) : one.times;
            one.standing = to;
            one.cause = cause;
            one.until = now() + Math.min(EJECT_FOR * one.times, EJECT_AT_MOST);
            one.owed = CONSECUTIVE;
            one.upAllInterval = false;
        }

        private void back(Model one) {
            one.standing = Standing.UP;
            one.row = 0;
        }

        private void goodProbe(Model one, boolean full) {
            if (full) {
                one.real.probed(null);
            } else {
                one.real.connected();
            }
            boolean out = one.standing == Standing.EJECTED || one.standing == Standing.REJECTED;
            if (out && (REFUSED.equals(one.cause) || (EXPIRED.equals(one.cause) && full))) {
                back(one);
            }
        }

        private void leave(Model one) {
            siblings.leave(one.real);
            members.remove(one);
            while (ejected() > allowed()) {
                back(members.stream()
                        .filter(each -> each.standing == Standing.EJECTED)
                        .min(Comparator.comparingLong(each -> each.until))
                        .orElseThrow());
            }
        }

        private void pass(long millis) {
            clock.advance(Duration.ofMillis(millis));
            siblings.tick();
            for (Model each : members) {
                boolean out = each.standing == Standing.EJECTED || each.standing == Standing.REJECTED;
                if (out && now() >= each.until) {
                    back(each);
                }
            }
            if (now() - compared >= INTERVAL) {
                compared = now();
                for (Model each : members) {
                    if (each.standing == Standing.UP && each.upAllInterval && each.times > 0) {
                        each.times--;
                    }
                    each.upAllInterval = each.standing == Standing.UP;
                }
            }
        }

        private long ejected() {
            return members.stream()
                    .filter(each -> each.standing == Standing.EJECTED)
                    .count();
        }

        private int allowed() {
            int most = 0;
            for (int i = 1; i <= members.size(); i++) {
                most = i <= maxEjected * members.size() ? i : most;
            }
            return members.size() < 2 ? 0 : Math.max(1, most);
        }

        private void check() {
            for (Model each : members) {
                assertThat(each.real.standing()).isEqualTo(each.standing);
                boolean out = each.standing == Standing.EJECTED || each.standing == Standing.REJECTED;
                assertThat(each.real.until()).isEqualTo(out ? start.plusMillis(each.until) : null);
                assertThat(each.real.warmth(clock.nanoTime().getAsLong())).isBetween(0.1, 1.0);
            }
            long ejected = members.stream()
                    .filter(each -> each.real.standing() == Standing.EJECTED)
                    .count();
            assertThat(ejected).isLessThanOrEqualTo(allowed());
            if (members.size() == 1) {
                assertThat(ejected).isZero();
            }
        }
    }
}
