package dev.detour.admin.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AlarmBookProperties {
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration REPEAT = Duration.ofMinutes(10);

    /** A look that finds {@code sources}, a message that is accepted or not, and time that passes. */
    record Step(Set<Integer> sources, boolean accepted, int seconds) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3).set(),
                        Arbitraries.of(true, true, false),
                        Arbitraries.integers().between(1, 300))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    private static final class Told {
        private final AlarmBook book = new AlarmBook(List.of(new Audience("chat", Severity.WARNING, REPEAT)), SETTLE);
        private final Map<Integer, Instant> firingSince = new HashMap<>();
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void run(Step step) {
            book.update(
                    step.sources().stream()
                            .map(each ->
                                    new Finding(Rule.CRL_STALE, Severity.WARNING, String.valueOf(each), "", "stale"))
                            .toList(),
                    now);
            List<Notice> due = book.due("chat", now);
            Set<Integer> seen = new HashSet<>();
            for (Notice notice : due) {
                int source = Integer.parseInt(notice.alarm().source());
                assertThat(seen.add(source)).as("once in a round").isTrue();
                check(notice, source, step);
            }
            if (step.accepted()) {
                book.told("chat", due, now);
                due.forEach(this::accept);
                assertThat(firingSince.keySet())
                        .as("whatever is there was told")
                        .containsAll(step.sources());
            }
            now = now.plusSeconds(step.seconds());
        }

        private void check(Notice notice, int source, Step step) {
            Instant before = firingSince.get(source);
            if (notice.firing()) {
                assertThat(step.sources()).contains(source);
                assertThat(before == null || !now.isBefore(before.plus(REPEAT)))
                        .as("once per repeat time")
                        .isTrue();
            } else {
                assertThat(before).as("resolved only what was told").isNotNull();
                assertThat(step.sources()).doesNotContain(source);
                assertThat(Duration.between(notice.until(), now)).isGreaterThanOrEqualTo(SETTLE);
            }
        }

        private void accept(Notice notice) {
            int source = Integer.parseInt(notice.alarm().source());
            if (notice.firing()) {
                firingSince.put(source, now);
            } else {
                firingSince.remove(source);
            }
        }
    }

    @Property(tries = 300)
    void everyAlarmIsToldOnceAndEndsOnce(@ForAll("steps") List<Step> steps) {
        Told told = new Told();

        steps.forEach(told::run);
        told.run(new Step(Set.of(), false, (int) SETTLE.toSeconds()));
        told.run(new Step(Set.of(), true, 1));
        told.run(new Step(Set.of(), true, 1));

        assertThat(told.firingSince).as("everything told was resolved").isEmpty();
        assertThat(told.book.entries()).isEmpty();
    }

    @Property(tries = 100)
    void aRestartChangesNothing(@ForAll("steps") List<Step> steps) {
        Told told = new Told();
        steps.forEach(told::run);
        AlarmBook next = new AlarmBook(List.of(new Audience("chat", Severity.WARNING, REPEAT)), SETTLE);

        next.restore(told.book.entries());

        assertThat(next.due("chat", told.now)).isEqualTo(told.book.due("chat", told.now));
    }
}
