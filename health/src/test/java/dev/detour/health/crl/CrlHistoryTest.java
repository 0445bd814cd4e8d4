package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrlHistoryTest {
    private static final String ISSUER = CrlAuthority.NAME;
    private static final CrlAuthority AUTHORITY = CrlAuthority.create();

    private final ManualClock clock = ManualClock.create();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("crls.jsonl");
    }

    @Test
    void aHistoryThatDoesNotExistYetIsEmpty() throws Exception {
        assertThat(CrlHistory.in(file).of("a.crl", ISSUER)).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void whatWasAddedIsReadBack() throws Exception {
        CrlFacts facts = facts(7);

        CrlHistory.in(file).add("a.crl", facts, clock.instant());

        assertThat(CrlHistory.in(file).of("a.crl", ISSUER))
                .containsExactly(new CrlObservation(clock.instant(), facts.bytes(), 7));
        assertThat(Files.readString(file))
                .isEqualTo("{\"time\":\"2026-01-01T00:00:00Z\",\"source\":\"a.crl\",\"issuer\":\"" + ISSUER
                        + "\",\"number\":null,\"bytes\":" + facts.bytes() + ",\"entries\":7}\n");
    }

    @Test
    void sourcesAreKeptApart() throws Exception {
        CrlHistory history = CrlHistory.in(file);
        history.add("a.crl", facts(1), clock.instant());
        history.add("b.crl", facts(2), clock.instant());

        assertThat(history.of("b.crl", ISSUER))
                .extracting(CrlObservation::entries)
                .containsExactly(2L);
        assertThat(history.of("a.crl", "CN=Other")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \"b\" \\c", "tab\there\nline", "\u00e4 \ud83d\ude00", "\\u0041", "alone \ud83d"})
    void anyNameIsReadBack(String source) throws Exception {
        CrlHistory.in(file).add(source, facts(1), clock.instant());

        assertThat(CrlHistory.in(file).of(source, ISSUER)).hasSize(1);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void nothingNewIsWrittenDownOnceAnHour() throws Exception {
        CrlHistory history = CrlHistory.in(file);
        CrlFacts facts = facts(1);
        for (int minute = 0; minute < 120; minute++) {
            history.add("a.crl", facts, clock.instant());
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(history.of("a.crl", ISSUER)).hasSize(2);
    }

    @Test
    void aChangeIsWrittenDownAtOnce() throws Exception {
        CrlHistory history = CrlHistory.in(file);
        history.add("a.crl", facts(1), clock.instant());
        history.add("a.crl", facts(2), clock.instant());

        assertThat(history.of("a.crl", ISSUER)).hasSize(2);
    }

    @Test
    void aBrokenLastLineIsPassedOverAndTheNextIsWhole() throws Exception {
        CrlHistory history = CrlHistory.in(file);
        history.add("a.crl", facts(1), clock.instant());
        Files.writeString(file, "{\"time\":\"2026-01-01T0", StandardOpenOption.APPEND);

        history.add("a.crl", facts(2), clock.instant());

        assertThat(history.of("a.crl", ISSUER))
                .extracting(CrlObservation::entries)
                .containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ti", "{\"time\":\"2026-01-", "\n"})
    void aFileThatBrokeInItsFirstLineIsGoneOnWith(String begin) throws Exception {
        Files.writeString(file, begin);

        CrlHistory.in(file).add("a.crl", facts(2), clock.instant());

        assertThat(CrlHistory.in(file).of("a.crl", ISSUER)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1 - GET /\n", "-----BEGIN X509 CRL-----\n", "{\"level\":\"info\"}\n"})
    void anotherFileIsNotWrittenInto(String content) throws Exception {
        Files.writeString(file, content);

        assertThatThrownBy(() -> CrlHistory.in(file).add("a.crl", facts(2), clock.instant()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("crls.jsonl is not a history of CRLs");
        assertThat(file).hasContent(content);
    }

    @Test
    void aHistoryStaysBoundedAndKeepsItsBeginningAndItsEnd() throws Exception {
        CrlHistory history = CrlHistory.in(file, 10_000);
        CrlFacts facts = facts(1);
        for (int i = 0; i < 1_000; i++) {
            history.add("a.crl", facts, clock.instant());
            clock.advance(Duration.ofHours(2));
        }

        List<CrlObservation> kept = history.of("a.crl", ISSUER);
        assertThat(Files.size(file)).isLessThan(10_000);
        assertThat(kept)
                .hasSizeGreaterThan(20)
                .isSortedAccordingTo((a, b) -> a.time().compareTo(b.time()));
        assertThat(kept.get(kept.size() - 1).time()).isEqualTo(clock.instant().minus(Duration.ofHours(2)));
        assertThat(Duration.between(kept.get(0).time(), clock.instant())).isGreaterThan(Duration.ofDays(40));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void ofTooManyCrlsTheOneNotSeenForLongestIsForgotten() throws Exception {
        CrlHistory history = CrlHistory.in(file, 4_000);
        for (int i = 0; i < 100; i++) {
            history.add("source-" + i, facts(1), clock.instant());
            clock.advance(Duration.ofHours(2));
        }

        assertThat(Files.size(file)).isLessThan(4_000);
        assertThat(history.of("source-0", ISSUER)).isEmpty();
        assertThat(history.of("source-99", ISSUER)).hasSize(1);
    }

    private static CrlFacts facts(int entries) throws Exception {
        return CrlReaderTest.read(AUTHORITY.crl(entries));
    }
}
