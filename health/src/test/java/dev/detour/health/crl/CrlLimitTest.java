package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrlLimitTest {
    @ParameterizedTest
    @CsvSource({
        "consul, 524288",
        "raft, 1048576",
        "dynamodb, 409600",
        "1000, 1000",
        "1000B, 1000",
        "512KiB, 524288",
        "2MiB, 2097152",
        "1GiB, 1073741824",
        "400KB, 400000",
        "2MB, 2000000",
        "1GB, 1000000000"
    })
    void aStoreOrASizeIsALimit(String text, long bytes) {
        assertThat(CrlLimit.parse(text)).isEqualTo(new CrlLimit(text, bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "etcd", "0", "0KiB", "-1", "1.5MiB", "512 KiB", "512kib", "999999999999GiB"})
    void anythingElseIsNamedWithWhatWasExpected(String text) {
        assertThatThrownBy(() -> CrlLimit.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" (expected: consul, raft, dynamodb, or a size such as 512KiB, 2MB)");
    }

    @Test
    void moreThanTheLimitIsMoreThanItsWhole() {
        assertThat(CrlLimit.CONSUL.share(262_144)).isEqualTo(0.5);
        assertThat(CrlLimit.CONSUL.share(524_289)).isGreaterThan(1);
    }
}
