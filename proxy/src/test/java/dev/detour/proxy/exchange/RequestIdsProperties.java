package dev.detour.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RequestIdsProperties {
    private static final Pattern WELL_FORMED = Pattern.compile("[0-9A-Za-z_.:=/+-]{1,128}");

    @Property
    void wellFormedIsWhatThePatternSays(@ForAll("ids") String id) {
        assertThat(RequestIds.wellFormed(id)).isEqualTo(WELL_FORMED.matcher(id).matches());
    }

    @Property
    void anIdOfferedIsKeptExactlyIfItIsWellFormed(@ForAll("ids") String id, @ForAll long seed) {
        String given = new RequestIds(seed).idFor(id).toString();

        assertThat(given.equals(id)).isEqualTo(WELL_FORMED.matcher(id).matches());
        assertThat(given).matches(WELL_FORMED);
    }

    @Property(tries = 50)
    void noIdIsGivenTwice(@ForAll long seed) {
        RequestIds ids = new RequestIds(seed);
        Set<String> given = new HashSet<>();

        for (int i = 0; i < 1000; i++) {
            given.add(ids.idFor(null).toString());
        }

        assertThat(given).hasSize(1000).allMatch(id -> id.matches("[0-9a-f]{16}"));
    }

    @Example
    void theLongestIdHas128Characters() {
        assertThat(RequestIds.wellFormed("x".repeat(128))).isTrue();
        assertThat(RequestIds.wellFormed("x".repeat(129))).isFalse();
        assertThat(RequestIds.wellFormed("")).isFalse();
    }

    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> good =
                Arbitraries.strings().alpha().numeric().withChars("-_.:=/+").ofMaxLength(140);
        Arbitrary<String> nearlyGood = Arbitraries.strings()
                .alpha()
                .withChars(" \"\\\t\r\n;,<>\u00e9{}[]")
                .ofMaxLength(20);
        return Arbitraries.oneOf(good, nearlyGood, Arbitraries.strings().ofMaxLength(10));
    }
}
