package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.page.SimpleFormat;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Which requests are served by the same answer, whatever clients write. */
class VariantKeyProperties {
    private static final int TRIES = 1000;
    private static final List<String> NAMES = List.of("x-a", "x-b", "x-c");
    private static final List<String> FORMS =
            Arrays.stream(SimpleFormat.values()).map(SimpleFormat::mediaType).toList();

    @Property(tries = TRIES)
    void theOrderOfLinesOfAcceptEncodingDoesNotCount(
            @ForAll @From("codings") List<String> codings, @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(codings);
        Collections.shuffle(shuffled, random);

        String inLines = VariantKey.of(List.of("accept-encoding"), lines("Accept-Encoding", shuffled), false);
        String inOne = VariantKey.of(
                List.of("accept-encoding"), Messages.headers("Accept-Encoding", String.join(", ", codings)), false);

        // no line at all is something else than an empty one
        assertThat(inLines).isEqualTo(codings.isEmpty() ? "accept-encoding\n" : inOne);
    }

    @Property(tries = TRIES)
    void theOrderAndSpellingOfVaryDoesNotCount(
            @ForAll @From("varies") List<String> names,
            @ForAll @From("requests") Map<String, String> said,
            @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, random);
        HttpHeaders request = request(said);

        String shouted = String.join(", ", shuffled).toUpperCase(Locale.ROOT);

        assertThat(key(List.of(shouted), request)).isEqualTo(key(names, request));
        assertThat(key(shuffled, request)).isEqualTo(key(names, request));
    }

    @Property(tries = TRIES)
    void requestsAreServedByTheSameExactlyIfTheySayTheSame(
            @ForAll @From("requests") Map<String, String> one, @ForAll @From("requests") Map<String, String> other) {
        String first = VariantKey.of(NAMES, request(one), false);
        String second = VariantKey.of(NAMES, request(other), false);

        assertThat(first.equals(second)).isEqualTo(one.equals(other));
    }

    @Property(tries = TRIES)
    void oneHeaderThatDiffersIsEnough(
            @ForAll @From("requests") Map<String, String> said, @ForAll @From("names") String name) {
        HttpHeaders request = request(said);
        String before = VariantKey.of(NAMES, request, false);
        request.set(name, said.getOrDefault(name, "") + "!");

        assertThat(VariantKey.of(NAMES, request, false)).isNotEqualTo(before);
    }

    @Property(tries = TRIES)
    void whatIsNotNamedDoesNotCount(
            @ForAll @From("requests") Map<String, String> said, @ForAll @From("names") String name) {
        HttpHeaders request = request(said);
        List<String> rest = NAMES.stream().filter(each -> !each.equals(name)).toList();
        String before = VariantKey.of(rest, request, false);
        request.remove(name);

        assertThat(VariantKey.of(rest, request, false)).isEqualTo(before);
    }

    @Property(tries = TRIES)
    void everyAcceptIsOneOfThreeForms(
            @ForAll @From("accepts") List<String> likely, @ForAll String anything, @ForAll boolean inOneLine) {
        List<String> ranges = inOneLine ? List.of(String.join(",", likely)) : likely;
        String form = VariantKey.simpleForm(lines("Accept", ranges), "/simple/x/");

        assertThat(form).isIn(FORMS);
        assertThat(VariantKey.of(List.of("accept"), lines("Accept", ranges), true))
                .isEqualTo("accept:" + form + '\n');
        assertThat(VariantKey.simpleForm(Messages.headers(), "/simple/x/?format=" + anything))
                .isIn(FORMS);
    }

    @Property(tries = TRIES)
    void linesOfAcceptAreOneList(@ForAll @From("accepts") List<String> ranges) {
        String joined = String.join(", ", ranges);

        assertThat(VariantKey.simpleForm(lines("Accept", ranges), "/"))
                .isEqualTo(VariantKey.simpleForm(Messages.headers("Accept", joined), "/"));
    }

    @Property(tries = TRIES)
    void theFormAskedForInTheAddressWins(
            @ForAll @From("accepts") List<String> ranges, @ForAll SimpleFormat asked, @ForAll boolean encoded) {
        String type = encoded ? asked.mediaType().replace("+", "%2B") : asked.mediaType();

        assertThat(VariantKey.simpleForm(lines("Accept", ranges), "/simple/?a=1&format=" + type))
                .isEqualTo(asked.mediaType());
    }

    @Provide
    Arbitrary<List<String>> codings() {
        return Arbitraries.of(
                        "gzip",
                        "GZIP;q=0.5",
                        "x-gzip;q=0",
                        "br",
                        "br;q=0",
                        "*",
                        "*;q=0",
                        "zstd;q=1.000",
                        "deflate",
                        "identity",
                        "identity;q=0",
                        "gzip;q=x",
                        "")
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<String>> varies() {
        return Arbitraries.of("x-a", "x-b", "x-c", "accept-encoding", "")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of(NAMES);
    }

    /** What clients say in some of the headers, such that one could be taken for another if it were joined carelessly. */
    @Provide
    Arbitrary<Map<String, String>> requests() {
        Arbitrary<String> values = Arbitraries.of("", "a", "b", "a:b", "x-b", ":", "x-c:a", "a,b", "\"", "a\\", "|");
        return Arbitraries.maps(names(), values).ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<String>> accepts() {
        return Arbitraries.of(
                        "*/*",
                        "text/html",
                        "TEXT/HTML;q=0",
                        "text/*;q=0.5",
                        "application/*",
                        "image/png",
                        "application/vnd.pypi.simple.v1+json",
                        "application/vnd.pypi.simple.latest+json;q=0.9",
                        "application/vnd.pypi.simple.v1+html;q=0.2",
                        "application/vnd.pypi.simple.latest+html",
                        "application/vnd.pypi.simple.v2+json",
                        "text/html;q=1.5",
                        ";q=",
                        "",
                        "/",
                        "a/b;c=\"d\"")
                .list()
                .ofMaxSize(6);
    }

    private static HttpHeaders request(Map<String, String> said) {
        HttpHeaders headers = new DefaultHttpHeaders();
        said.forEach(headers::add);
        return headers;
    }

    private static HttpHeaders lines(String name, List<String> values) {
        HttpHeaders headers = new DefaultHttpHeaders();
        values.forEach(value -> headers.add(name, value));
        return headers;
    }

    /** The key of a request whose answer has these lines of {@code Vary}. */
    private static String key(List<String> vary, HttpHeaders request) {
        HttpHeaders answer = lines("Vary", vary);
        answer.add("ETag", "\"a\"");
        String[] said = answer.entries().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
        return VariantKey.of(Messages.stored(said).vary(), request, false);
    }
}
