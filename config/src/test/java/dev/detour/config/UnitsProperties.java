package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class UnitsProperties {
    @Property
    void everyDurationIsReadBackAsWritten(@ForAll @LongRange(min = 1, max = 3_153_600_000_000L) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(Units.duration(Units.format(duration))).isEqualTo(duration);
    }

    @Property
    void everySizeIsReadBackAsWritten(@ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long bytes) {
        assertThat(Units.findSize(Units.formatSize(bytes))).isEqualTo(bytes);
    }

    @Property
    void everyShareIsReadBackAsWritten(@ForAll @IntRange(min = 1, max = 100_000) int thousandths) {
        double share = thousandths / 100_000.0;

        assertThat(Units.findShare(Units.formatShare(share))).isEqualTo(share);
    }

    @Property
    void noTextMakesTheReadersFail(@ForAll String text) {
        assertThat(Units.findDuration(text)).matches(found -> found == null || found.toMillis() > 0);
        assertThat(Units.findSize(text)).matches(found -> found == null || found >= 0);
        assertThat(Units.findShare(text)).matches(found -> found == null || (found > 0 && found <= 1));
    }
}
