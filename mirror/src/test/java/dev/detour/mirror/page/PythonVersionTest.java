package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonVersionTest {
    /** The orders PEP 440 spells out, strung together. */
    private static final List<String> ASCENDING = List.of(
            "french toast",
            "zzz",
            "0.9",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0+5.0",
            "1.0+10",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1.2",
            "1.10",
            "2013.10",
            "2014.4",
            "20240101123456789012",
            "1!1.0",
            "1!1.1",
            "2!0.1");

    @Test
    void versionsAreInTheOrderOfTheSpecification() {
        List<String> shuffled = new ArrayList<>(ASCENDING);
        Collections.shuffle(shuffled, new Random(7));

        List<String> sorted = shuffled.stream()
                .map(PythonVersion::of)
                .sorted()
                .map(PythonVersion::toString)
                .toList();

        assertThat(sorted).isEqualTo(ASCENDING);
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,1.0.0",
        "1.0,v1.0",
        "1.0,' 1.0 '",
        "1.0a1,1.0-alpha.1",
        "1.0rc1,1.0c1",
        "1.0rc1,1.0PREVIEW1",
        "1.0b0,1.0beta",
        "1.0.post1,1.0-1",
        "1.0.post1,1.0.rev1",
        "1.0.post0,1.0post",
        "1.0.dev0,1.0-dev",
        "1.0,0!1.0",
        "1.0+a.1,1.0+A-01",
        "1.1,1.01"
    })
    void spellingsOfOneVersionAreEqual(String one, String other) {
        assertThat(PythonVersion.of(one)).isEqualTo(PythonVersion.of(other)).hasSameHashCodeAs(PythonVersion.of(other));
    }

    @Test
    void textLongerThanAnyVersionIsALegacyVersion() {
        assertThat(PythonVersion.of("1" + ".1".repeat(100_000)).isLegacy()).isTrue();
        assertThat(PythonVersion.of("1+a" + ".a".repeat(100)).isLegacy()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.", "1.0-", "1.0+", "a", "1.0+a_", "1..0", "1.0-x", "!1"})
    void otherTextIsALegacyVersion(String text) {
        assertThat(PythonVersion.of(text).isLegacy()).isTrue();
    }
}
