package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** What tells requests apart, whatever clients write. */
class VariantKeyProperties {
    private static final List<String> BY_CODING = List.of("accept-encoding");

    private static HttpHeaders with(String name, List<String> lines) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        lines.forEach(line -> headers.add(name, line));
        return headers;
    }

    @Property
    void anyFieldCanBeRead(@ForAll @Size(max = 4) List<@From("texts") String> lines) {
        HttpHeaders codings = with("accept-encoding", lines);
        HttpHeaders others = with("x-test", lines);

        assertThat(VariantKey.of(BY_CODING, codings)).startsWith("accept-encoding=");
        assertThat(VariantKey.of(List.of("x-test"), others)).startsWith("x-test=");
    }

    @Property
    void anyWishForAFormIsUnderstoodSomehow(
            @ForAll @Size(max = 4) List<@From("texts") String> lines, @ForAll @From("texts") String target) {
        assertThat(VariantKey.simpleForm(with("accept", lines), "/simple/x/?format=" + target))
                .containsAnyOf("html", "json");
    }

    @Property
    void orderAndSpacesOfCodingsMeanNothing(
            @ForAll @Size(max = 6) List<@From("codings") String> codings, @ForAll long seed) {
        List<String> shuffled = new ArrayList<>(codings);
        Collections.shuffle(shuffled, new Random(seed));
        List<String> spaced = shuffled.stream()
                .map(each -> " " + each.replace(";", " ; ") + "\t")
                .toList();

        String plain = VariantKey.of(BY_CODING, with("accept-encoding", List.of(String.join(",", codings))));
        String other = VariantKey.of(BY_CODING, with("accept-encoding", List.of(String.join(",", spaced))));
        String lines = VariantKey.of(BY_CODING, with("accept-encoding", codings.isEmpty() ? List.of("") : shuffled));

        assertThat(other).isEqualTo(plain);
        assertThat(lines).isEqualTo(plain);
    }

    @Property
    void differentValuesOfAnyOtherFieldAreToldApart(
            @ForAll @From("words") String one, @ForAll @From("words") String other) {
        String first = VariantKey.of(List.of("x-test"), with("x-test", List.of(one)));
        String second = VariantKey.of(List.of("x-test"), with("x-test", List.of(other)));

        assertThat(first.equals(second)).isEqualTo(one.equals(other));
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withChars("aAb/;=").ofMinLength(1).ofMaxLength(4);
    }

    @Provide
    Arbitrary<String> codings() {
        return Arbitraries.of(
                "gzip", "GZIP", "x-gzip", "br", "br;q=0.5", "zstd;q=1.0", "deflate", "odd", "*", "identity");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                        "gzip",
                        ";",
                        "q=",
                        "0",
                        "1",
                        ".",
                        "0.5",
                        "\"",
                        "\\",
                        ",",
                        "*",
                        "/",
                        "text/html",
                        " ",
                        "\t",
                        "=",
                        "%2B")
                .list()
                .ofMaxSize(12)
                .map(each -> String.join("", each));
        return Arbitraries.oneOf(pieces, Arbitraries.strings());
    }
}
