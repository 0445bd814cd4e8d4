package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rfc9110Section13ConditionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"a\"|304",
                "W/\"a\"|304",
                "\"b\", \"a\"|304",
                "*|304",
                "\"b\"|200",
                "a|200",
                "\"x,\"a\"|200",
                "\"a|200"
            })
    void section1312_ifNoneMatchComparesWeakly(String sent, int status) {
        assertThat(Conditions.statusFor(headers("If-None-Match", sent), 200, headers("ETag", "W/\"a\"")))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 01 Mar 2026 12:00:00 GMT|304",
                "Sun, 01 Mar 2026 12:00:01 GMT|304",
                "Sun, 01 Mar 2026 11:59:59 GMT|200",
                "yesterday|200"
            })
    void section1313_ifModifiedSinceComparesDates(String sent, int status) {
        assertThat(Conditions.statusFor(
                        headers("If-Modified-Since", sent), 200, headers("Last-Modified", Messages.DATE)))
                .isEqualTo(status);
    }

    @Test
    void section1322_ifModifiedSinceIsIgnoredBesideIfNoneMatch() {
        assertThat(Conditions.statusFor(
                        headers("If-None-Match", "\"b\"", "If-Modified-Since", Messages.DATE),
                        200,
                        headers("ETag", "\"a\"", "Last-Modified", Messages.DATE)))
                .isEqualTo(200);
    }

    @Test
    void section432_whatDoesNotSayWhenItWasChangedWasChangedWhenItWasMade() {
        HttpHeaders stored = headers("Date", Messages.DATE);

        assertThat(Conditions.statusFor(headers("If-Modified-Since", Messages.DATE), 200, stored))
                .isEqualTo(304);
        assertThat(Conditions.statusFor(headers("If-Modified-Since", "Sun, 01 Mar 2026 11:59:59 GMT"), 200, stored))
                .isEqualTo(200);
    }

    @Test
    void section1321_onlySuccessIsNotModified() {
        assertThat(Conditions.statusFor(headers("If-None-Match", "\"a\""), 404, headers("ETag", "\"a\"")))
                .isEqualTo(404);
    }

    @Test
    void section13_conditionsAreSeen() {
        assertThat(Conditions.isConditional(headers("If-Match", "*"))).isTrue();
        assertThat(Conditions.isConditional(headers("If-Range", "\"a\""))).isFalse();
    }
}
