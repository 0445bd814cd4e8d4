package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times, beside the calendar of the JDK. */
class DerTimeProperties {
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    @Property
    void everySecondOfTenThousandYearsIsReadBack(
            @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second) {
        String text = GENERALIZED.format(Instant.ofEpochSecond(second));

        assertThat(read(text)).isEqualTo(second);
    }

    @Property
    void shortYearsAreThoseFrom1950To2049(@ForAll @LongRange(min = -631_152_000L, max = 2_524_607_999L) long second) {
        String text = GENERALIZED.format(Instant.ofEpochSecond(second)).substring(2);

        assertThat(read(text)).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "20260229000000Z",
                "20260431000000Z",
                "20260010000000Z",
                "20261301000000Z",
                "20260100000000Z",
                "20260101240000Z",
                "20260101006000Z",
                "20260101000060Z",
                "2026010100000 Z",
                "202601010000000",
                "-0260101000000Z",
                "21000229000000Z",
                "2601010000-1Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThat(read(text)).isEqualTo(DerTime.INVALID);
    }

    private static long read(String text) {
        return DerTime.seconds(text.getBytes(StandardCharsets.US_ASCII), 0, text.length());
    }
}
