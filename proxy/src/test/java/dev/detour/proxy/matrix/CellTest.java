package dev.detour.proxy.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CellTest {
    @Test
    void whatThePageSaysIsReadAndWrittenAlike() {
        String text = "broken 200, between-bytes, counts again";

        assertThat(Cell.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror 200, now", "mirror, now, counts", "cache 200, now, -", "mirror 200, soon, -", ""})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Cell.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWaitIsNeitherLongerNorShorterThanItsWord() {
        assertThat(Wait.FIRST_BYTE.covers(Duration.ofMillis(255))).isTrue();
        assertThat(Wait.FIRST_BYTE.covers(Duration.ofMillis(5))).isFalse();
        assertThat(Wait.FIRST_BYTE.covers(Duration.ofMillis(301))).isFalse();
        assertThat(Wait.NOW.covers(Duration.ofMillis(101))).isFalse();
    }
}
