package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "2s,PT2S", "5m,PT5M", "24h,PT24H", "7d,PT168H", "36500d,PT876000H"})
    void durationsAreReadInEveryUnit(String text, Duration expected) {
        assertThat(Units.duration(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "0s",
                "-2s",
                "1 sec",
                "1sec",
                "1.5s",
                "2S",
                "2 s",
                "s",
                "36501d",
                "999999999999999999d",
                "9999999999999999999s",
                "PT2S",
                "٢s"
            })
    void whatIsNoDurationIsRefusedWithWhatWasExpected(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.duration(text))
                .withMessage("\"" + text + "\" (expected: a duration such as 500ms, 2s, 5m, 24h)");
    }

    @ParameterizedTest
    @CsvSource({"PT0.5S,500ms", "PT90S,90s", "PT5M,5m", "PT24H,24h", "PT168H,7d", "PT1.001S,1001ms"})
    void durationsAreWrittenInTheLargestUnitThatFits(Duration duration, String expected) {
        assertThat(Units.format(duration)).isEqualTo(expected);
    }

    @Test
    void aDurationThatHasNoNotationIsNotRounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.format(Duration.ofNanos(1_500_000)))
                .withMessageContaining("whole milliseconds");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "512,512", "512B,512", "64KiB,65536", "256MiB,268435456", "1GiB,1073741824"})
    void sizesAreReadInEveryUnit(String text, long expected) {
        assertThat(Units.findSize(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "64KB", "64k", "64 KiB", "1.5MiB", "99999999999GiB", "1TiB"})
    void whatIsNoSizeIsRefused(String text) {
        assertThat(Units.findSize(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"50%,0.5", "100%,1", "12.5%,0.125", "0.1%,0.001"})
    void sharesArePercentages(String text, double expected) {
        assertThat(Units.findShare(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0%", "0.5", "101%", "-5%", "50", "50 %", "%"})
    void whatIsNoShareIsRefused(String text) {
        assertThat(Units.findShare(text)).isNull();
    }
}
