package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

class CacheRulesProperties {
    @Property
    void anyTextIsReadAsDirectives(@ForAll String line, @ForAll("directives") String likely) {
        for (String text : List.of(line, likely)) {
            assertThat(Directives.of(List.of(text)).seconds("max-age")).isBetween(-1L, Directives.MOST_SECONDS);
            Directives targeted = TargetedControl.parse(List.of(text));
            assertThat(targeted == null ? 0 : targeted.seconds("max-age")).isBetween(-1L, Directives.MOST_SECONDS);
        }
    }

    @Property
    void theKeyOfAKeyIsTheSame(@ForAll("targets") String target, @ForAll ApiClass api, @ForAll boolean query) {
        CacheKey once = CacheKey.of("b", "Host:80", target, api, query);

        assertThat(CacheKey.of("b", once.host(), once.target(), api, query)).isEqualTo(once);
    }

    @Property
    void orderAndBlanksOfCodingsDoNotCount(@ForAll("codings") List<String> codings, @ForAll Random random) {
        List<String> shuffled = new ArrayList<>(codings);
        Collections.shuffle(shuffled, random);

        assertThat(variant(String.join(" ,\t", shuffled))).isEqualTo(variant(String.join(",", codings)));
    }

    @Property
    void ageIsNeverNegative(
            @ForAll @LongRange(min = -100_000, max = 100_000) long took,
            @ForAll("ages") String age,
            @ForAll boolean dated) {
        Instant answered = Messages.NOW.plusSeconds(took);
        String date = dated ? Messages.DATE : "some day";

        StorePolicy policy = StorePolicy.of(
                HttpMethod.GET,
                headers(),
                Messages.response(200, "Cache-Control", "max-age=9", "Age", age, "Date", date),
                Messages.NOW,
                answered,
                Messages.ABSENCE);

        assertThat(Objects.requireNonNull(policy).initialAge()).isBetween(Math.max(0, took), Directives.MOST_SECONDS);
    }

    @Provide
    Arbitrary<String> directives() {
        return Arbitraries.of("max-age", "=", "5", ",", "\"", "\\", " ", ";", "?", "(", ")", ":", "-", ".", "no-store")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of(
                        "/", "pypi/", "A._b", "/json", "%", "41", "%7e", "%2f", "?", "&", "=", "format", "#", "a",
                        "%25")
                .list()
                .ofMaxSize(12)
                .map(parts -> "/" + String.join("", parts));
    }

    @Provide
    Arbitrary<List<String>> codings() {
        return Arbitraries.of("gzip", "x-gzip;q=0", "br;q=0.5", "*", "zstd;q=0", "deflate", "identity")
                .list();
    }

    @Provide
    Arbitrary<String> ages() {
        return Arbitraries.of("0", "5", "-5", "99999999999999999999", "x", "", "7, 8");
    }

    private static String variant(String codings) {
        return VariantKey.of(List.of("accept-encoding"), headers("Accept-Encoding", codings), false);
    }
}
