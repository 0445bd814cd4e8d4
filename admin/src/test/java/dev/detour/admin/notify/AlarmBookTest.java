package dev.detour.admin.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlarmBookTest {
    private static final Duration SETTLE = Duration.ofMinutes(2);
    private static final Duration REPEAT = Duration.ofHours(24);
    private static final Audience CHAT = new Audience("chat", Severity.WARNING, REPEAT);

    private final ManualClock clock = ManualClock.create();
    private final AlarmBook book = new AlarmBook(List.of(CHAT), SETTLE, 3);

    private static Finding finding(String source, Severity severity) {
        return new Finding(Rule.CERTIFICATE_DUE, severity, source, "a.pem", "renew it");
    }

    private void see(Finding... findings) {
        book.update(List.of(findings), clock.instant());
    }

    private List<Notice> tell() {
        List<Notice> due = book.due("chat", clock.instant());
        book.told("chat", due, clock.instant());
        return due;
    }

    @Test
    void anAlarmIsToldOnce() {
        see(finding("a", Severity.WARNING));

        assertThat(tell())
                .singleElement()
                .satisfies(notice -> assertThat(notice.firing()).isTrue());
        assertThat(tell()).isEmpty();
    }

    @Test
    void anotherTextIsNotTold() {
        see(finding("a", Severity.WARNING));
        tell();
        see(new Finding(Rule.CERTIFICATE_DUE, Severity.WARNING, "a", "a.pem", "renew it now"));

        assertThat(tell()).isEmpty();
    }

    @Test
    void aHigherSeverityIsToldAgainAndALowerOneIsNot() {
        see(finding("a", Severity.WARNING));
        tell();
        see(finding("a", Severity.CRITICAL));

        assertThat(tell()).singleElement().satisfies(notice -> {
            assertThat(notice.alarm().severity()).isEqualTo(Severity.CRITICAL);
            assertThat(notice.before()).isEqualTo(Severity.WARNING);
        });
        see(finding("a", Severity.WARNING));
        assertThat(tell()).isEmpty();
    }

    @Test
    void whatLastsIsToldAgainAfterTheRepeatTime() {
        see(finding("a", Severity.WARNING));
        tell();
        clock.advance(REPEAT.minusSeconds(1));
        assertThat(tell()).isEmpty();
        clock.advance(Duration.ofSeconds(1));

        assertThat(tell()).hasSize(1);
    }

    @Test
    void whatIsGoneIsToldOnceItHasSettled() {
        see(finding("a", Severity.WARNING));
        tell();
        see();
        clock.advance(SETTLE.minusSeconds(1));
        assertThat(tell()).isEmpty();
        clock.advance(Duration.ofSeconds(1));

        assertThat(tell())
                .singleElement()
                .satisfies(notice ->
                        assertThat(notice.until()).isEqualTo(clock.instant().minus(SETTLE)));
        assertThat(tell()).isEmpty();
    }

    @Test
    void flappingIsNotTold() {
        see(finding("a", Severity.WARNING));
        tell();
        for (int i = 0; i < 10; i++) {
            see();
            clock.advance(Duration.ofMinutes(1));
            assertThat(tell()).isEmpty();
            see(finding("a", Severity.WARNING));
            assertThat(tell()).isEmpty();
        }
    }

    @Test
    void whatWasNeverToldIsNotResolved() {
        see(finding("a", Severity.WARNING));
        see();
        clock.advance(SETTLE);

        assertThat(tell()).isEmpty();
        see();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void whatEndsWhileItIsBeingToldIsResolved() {
        see(finding("a", Severity.WARNING));
        List<Notice> onItsWay = book.due("chat", clock.instant());
        see();
        clock.advance(SETTLE);
        see();
        assertThat(book.entries()).isEmpty();
        book.told("chat", onItsWay, clock.instant());
        clock.advance(SETTLE);

        assertThat(tell())
                .singleElement()
                .satisfies(notice -> assertThat(notice.firing()).isFalse());
    }

    @Test
    void whatBecomesLessThanIsWantedIsResolvedAsItWasTold() {
        see(finding("a", Severity.CRITICAL));
        tell();
        see(finding("a", Severity.INFO));
        clock.advance(SETTLE);

        assertThat(tell()).singleElement().satisfies(notice -> {
            assertThat(notice.firing()).isFalse();
            assertThat(notice.alarm().severity()).isEqualTo(Severity.CRITICAL);
        });
    }

    @Test
    void whatIsOnlyWorthKnowingIsNotTold() {
        see(finding("a", Severity.INFO));

        assertThat(tell()).isEmpty();
    }

    @Test
    void beyondTheBoundThereIsOneSummaryAndTheWorstHaveRoom() {
        see(IntStream.range(0, 5)
                .mapToObj(i -> finding("s" + i, i == 4 ? Severity.CRITICAL : Severity.WARNING))
                .toArray(Finding[]::new));

        assertThat(tell())
                .extracting(notice -> notice.alarm().source())
                .hasSize(4)
                .contains("s4", "detour");
        assertThat(book.entries()).hasSize(4);

        see(finding("s4", Severity.CRITICAL));
        clock.advance(SETTLE);
        assertThat(tell()).hasSize(3).noneMatch(Notice::firing);
    }

    @Test
    void aClockThatIsSetBackDelaysNothing() {
        see(finding("a", Severity.WARNING));
        tell();

        assertThat(book.due("chat", clock.instant().minus(Duration.ofDays(400))))
                .hasSize(1);
    }
}
