package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Directives, whatever senders write. */
class DirectivesProperties {
    @Property
    void anyTextCanBeRead(@ForAll @Size(max = 4) List<@From("texts") String> lines) {
        Directives read = Directives.of(lines);

        assertThat(read.seconds("max-age")).isBetween(-1L, 1L << 31);
        assertThat(read.seconds("max-age") == -1).isEqualTo(!read.has("max-age"));
    }

    @Property
    void aNumberIsReadAsItIsWritten(@ForAll @LongRange(max = 1L << 31) long seconds, @ForAll boolean quoted) {
        String written = quoted ? "\"" + seconds + "\"" : Long.toString(seconds);

        assertThat(Directives.of(List.of("public, Max-Age=" + written)).seconds("max-age"))
                .isEqualTo(seconds);
    }

    @Property
    void leadingZerosMeanNothing(@ForAll @LongRange(max = 1_000) long seconds, @ForAll @IntRange(max = 20) int zeros) {
        assertThat(Directives.of(List.of("max-age=" + "0".repeat(zeros) + seconds))
                        .seconds("max-age"))
                .isEqualTo(seconds);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                        "max-age",
                        "=",
                        "\"",
                        "\\",
                        ",",
                        " ",
                        "60",
                        "-1",
                        "99999999999999999999",
                        "no-store",
                        "private",
                        "\t")
                .list()
                .ofMaxSize(12)
                .map(each -> String.join("", each));
        return Arbitraries.oneOf(pieces, Arbitraries.strings());
    }
}
