package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What clients are told who may have an answer already (RFC 9110 13, RFC 9111 4.3.2). */
class Rfc9110Section13ConditionsTest extends CacheRig {
    private static final String BORN = "Thu, 01 Jan 2015 00:00:00 GMT";
    private static final String BEFORE = "Wed, 31 Dec 2014 23:59:59 GMT";
    private static final String AFTER = "Thu, 01 Jan 2015 00:00:01 GMT";

    private int statusWith(String tag, String... conditions) throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: " + tag, "Last-Modified: " + BORN);
        int status = get(conditions).status();
        assertThat(asked()).as("requests to the backend").isEqualTo(1);
        return status;
    }

    @Test
    void section13_1_2_whoHasItIsToldSo() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"a\"")).isEqualTo(304);
    }

    @Test
    void section13_1_2_whoHasAnotherGetsIt() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"b\"")).isEqualTo(200);
    }

    @Test
    void section13_1_2_anyOfSeveralCounts() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"b\", \"a\", \"c\"")).isEqualTo(304);
    }

    @Test
    void section13_1_2_anyOfSeveralLinesCounts() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"b\"", "If-None-Match: \"a\""))
                .isEqualTo(304);
    }

    @Test
    void section13_1_2_theComparisonIsWeak() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: W/\"a\"")).isEqualTo(304);
    }

    @Test
    void section13_1_2_theComparisonIsWeakTheOtherWayToo() throws IOException {
        assertThat(statusWith("W/\"a\"", "If-None-Match: \"a\"")).isEqualTo(304);
    }

    @Test
    void section13_1_2_aStarIsAnything() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: *")).isEqualTo(304);
    }

    @Test
    void section13_1_2_aStarIsAnythingWithoutATagToo() throws IOException {
        stored("one", "Cache-Control: max-age=60");

        assertThat(get("If-None-Match: *").status()).isEqualTo(304);
    }

    @Test
    void section8_8_3_tagsHaveCase() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"A\"")).isEqualTo(200);
    }

    @Test
    void section8_8_3_aCommaInATagIsPartOfIt() throws IOException {
        assertThat(statusWith("\"a,b\"", "If-None-Match: \"x\", \"a,b\"")).isEqualTo(304);
    }

    @Test
    void section8_8_3_aBackslashInATagIsPartOfIt() throws IOException {
        assertThat(statusWith("\"b\"", "If-None-Match: \"a\\\", \"b\"")).isEqualTo(304);
    }

    @Test
    void section13_1_3_theSameTimeIsUnchanged() throws IOException {
        assertThat(statusWith("\"a\"", "If-Modified-Since: " + BORN)).isEqualTo(304);
    }

    @Test
    void section13_1_3_aLaterTimeIsUnchanged() throws IOException {
        assertThat(statusWith("\"a\"", "If-Modified-Since: " + AFTER)).isEqualTo(304);
    }

    @Test
    void section13_1_3_anEarlierTimeIsChanged() throws IOException {
        assertThat(statusWith("\"a\"", "If-Modified-Since: " + BEFORE)).isEqualTo(200);
    }

    @Test
    void section13_1_3_whatIsNoDateIsIgnored() throws IOException {
        assertThat(statusWith("\"a\"", "If-Modified-Since: lately")).isEqualTo(200);
    }

    @Test
    void section13_1_3_whatIsMuchTooLongForADateIsIgnored() throws IOException {
        assertThat(statusWith("\"a\"", "If-Modified-Since: " + "x".repeat(100))).isEqualTo(200);
    }

    @Test
    void section13_1_3_aTagComesBeforeATime() throws IOException {
        assertThat(statusWith("\"a\"", "If-None-Match: \"b\"", "If-Modified-Since: " + AFTER))
                .isEqualTo(200);
    }

    @Test
    void rfc9111Section4_3_2_whatDoesNotSayWhenItWasChangedIsUnchangedSinceItWasMade() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + date(-10));

        assertThat(get("If-Modified-Since: " + date(-10)).status()).isEqualTo(304);
        assertThat(get("If-Modified-Since: " + date(-11)).status()).isEqualTo(200);
    }

    @Test
    void rfc9111Section4_3_2_whatHasNoDateWasMadeWhenItArrived() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        String arrived = date(0);
        String before = date(-1);
        pass(10);

        assertThat(get("If-Modified-Since: " + arrived).status()).isEqualTo(304);
        assertThat(get("If-Modified-Since: " + before).status()).isEqualTo(200);
    }

    @Test
    void rfc9111Section4_3_2_whatHasNoReadableDateWasMadeWhenItArrived() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: lately");

        assertThat(get("If-Modified-Since: " + date(0)).status()).isEqualTo(304);
    }

    @Test
    void rfc9111Section4_3_2_whenItWasMadeDoesNotCountBesideWhenItWasChanged() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + date(0), "Last-Modified: " + BORN);

        assertThat(get("If-Modified-Since: " + BORN).status()).isEqualTo(304);
    }

    @Test
    void rfc9111Section4_3_2_ifMatchIsForTheBackendToJudge() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(get("If-Match: \"b\"").status()).isEqualTo(200);
    }

    @Test
    void rfc9111Section4_3_2_ifUnmodifiedSinceIsForTheBackendToJudge() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Last-Modified: " + BORN);

        assertThat(get("If-Unmodified-Since: " + BEFORE).status()).isEqualTo(200);
    }

    @Test
    void section13_1_2_headIsToldToo() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(request("HEAD", "If-None-Match: \"a\"").status()).isEqualTo(304);
    }

    @Test
    void section13_2_1_anAbsenceIsNoMatch() throws IOException {
        backend.answer(answer(404, "none", "Cache-Control: max-age=60", "ETag: \"a\""));
        get();

        assertThat(get("If-None-Match: \"a\"").status()).isEqualTo(404);
    }

    @Test
    void section15_4_5_whatA304MustSayItSays() throws IOException {
        String born = date(0);
        String expires = date(60);
        stored(
                "one",
                "Cache-Control: max-age=60",
                "ETag: \"a\"",
                "Date: " + born,
                "Expires: " + expires,
                "Vary: X-Test",
                "Content-Location: /thing/1");

        RawResponse unchanged = get("If-None-Match: \"a\"");

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("cache-control")).isEqualTo("max-age=60");
        assertThat(unchanged.header("etag")).isEqualTo("\"a\"");
        assertThat(unchanged.header("date")).isEqualTo(born);
        assertThat(unchanged.header("expires")).isEqualTo(expires);
        assertThat(unchanged.header("vary")).isEqualTo("X-Test");
        assertThat(unchanged.header("content-location")).isEqualTo("/thing/1");
    }

    @Test
    void section8_6_aLengthInA304IsThatOfTheAnswer() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");

        RawResponse unchanged = get("If-None-Match: \"a\"");

        assertThat(unchanged.header("content-length")).isIn(null, "3");
        assertThat(unchanged.header("transfer-encoding")).isNull();
    }

    @Test
    void section15_4_5_theConnectionGoesOnAfterA304() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");

        try (RawClient client = proxy.client()) {
            assertThat(client.get(PAGE, "If-None-Match: \"a\"").read().status()).isEqualTo(304);
            assertThat(client.get(PAGE).read().text()).isEqualTo("one");
        }
    }
}
