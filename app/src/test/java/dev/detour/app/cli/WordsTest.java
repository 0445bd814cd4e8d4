package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {
    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyModeIsKnownByItsLabel(Mode mode) {
        assertThat(Words.mode(mode.label())).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-07-01T18:00", "2026-07-01 18:00", "2026-07-01T18:00:00"})
    void aTimeWithoutOffsetIsTheReaders(String text) {
        Instant instant = Words.instant(text, ZoneId.of("Europe/Berlin"));

        assertThat(instant).isEqualTo(Instant.parse("2026-07-01T16:00:00Z"));
    }

    @Test
    void aTimeWithOffsetIsTheSameEverywhere() {
        Instant instant = Words.instant("2026-07-01T18:00-07:00", ZoneId.of("Europe/Berlin"));

        assertThat(instant).isEqualTo(Instant.parse("2026-07-02T01:00:00Z"));
    }
}
