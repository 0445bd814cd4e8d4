package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S, 0s",
        "PT0.9S, 0s",
        "PT59S, 59s",
        "PT60S, 1m",
        "PT12M5S, 12m 5s",
        "PT1H59S, 1h",
        "PT3H12M, 3h 12m",
        "P1D, 1d",
        "P400DT23H59M, 400d 23h"
    })
    void theTwoLargestUnitsAreSaid(Duration duration, String words) {
        assertThat(Durations.words(duration)).isEqualTo(words);
    }
}
