package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What answers allow, whatever backends write. */
class StorePolicyProperties {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Property
    void neitherAgeNorLifetimeIsEverNegative(
            @ForAll @Size(max = 2) List<@From("values") String> ages,
            @ForAll @From("values") String date,
            @ForAll @Size(max = 2) List<@From("values") String> expires,
            @ForAll @From("values") String maxAge,
            @ForAll boolean saysMaxAge,
            @ForAll @IntRange(min = -100, max = 100) int took) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set("ETag", "\"a\"").set("Date", date);
        ages.forEach(age -> response.headers().add("Age", age));
        expires.forEach(each -> response.headers().add("Expires", each));
        if (saysMaxAge) {
            response.headers().set("Cache-Control", "max-age=" + maxAge);
        }

        StorePolicy policy = Objects.requireNonNull(StorePolicy.of(
                HttpMethod.GET,
                new DefaultHttpHeaders(),
                response,
                NOW.minusSeconds(took),
                NOW,
                Duration.ofSeconds(10)));

        assertThat(policy.initialAge()).isNotNegative();
        assertThat(policy.lifetime()).isNotNegative();
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> some = Arbitraries.of(
                "0",
                "-1",
                "60",
                "10, 20",
                "99999999999999999999",
                "",
                "soon",
                "\"60\"",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "Thu, 01 Jan 2026 00:00:10 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "Thu, 99 Jan 2026 00:00:10 GMT");
        return Arbitraries.oneOf(some, Arbitraries.strings().alpha().numeric().withChars(" ,;:\"-"));
    }
}
