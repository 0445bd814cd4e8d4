package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Which headers are kept and given (RFC 9111 3.1, 5.1; RFC 9110 6.6.1, 7.6.1, 7.6.3). */
class Rfc9111Section3_1HeadersTest extends CacheRig {
    private RawResponse hit(String... headers) throws IOException {
        stored("one", headers);
        RawResponse hit = get();
        assertThat(asked()).as("requests to the backend").isEqualTo(1);
        return hit;
    }

    @Test
    void section3_1_fieldsThatNobodyKnowsAreKept() throws IOException {
        assertThat(hit("Cache-Control: max-age=60", "X-Odd: 1").header("x-odd")).isEqualTo("1");
    }

    @Test
    void section3_1_severalLinesOfAFieldKeepTheirOrder() throws IOException {
        assertThat(hit("Cache-Control: max-age=60", "Link: <b>", "Link: <a>").headerValues("link"))
                .containsExactly("<b>", "<a>");
    }

    @Test
    void section3_1_fieldsNamedByConnectionAreNotKept() throws IOException {
        RawResponse hit = hit("Cache-Control: max-age=60", "Connection: x-hop , X-OTHER", "X-Hop: 1", "X-Other: 2");

        assertThat(hit.header("x-hop")).isNull();
        assertThat(hit.header("x-other")).isNull();
    }

    @Test
    void section3_1_fieldsOfOneConnectionAreNotKept() throws IOException {
        RawResponse hit = hit(
                "Cache-Control: max-age=60",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "TE: trailers",
                "Upgrade: odd",
                "Proxy-Authenticate: Basic",
                "Proxy-Authentication-Info: x",
                "Proxy-Authorization: x");

        assertThat(hit.headers())
                .extracting(header -> header.name().toLowerCase(Locale.ROOT))
                .doesNotContain(
                        "keep-alive",
                        "proxy-connection",
                        "te",
                        "upgrade",
                        "proxy-authenticate",
                        "proxy-authentication-info",
                        "proxy-authorization");
    }

    @Test
    void section3_1_proxyAuthenticationInfoDoesNotReachTheFirstClientEither() throws IOException {
        RawResponse first = stored("one", "Cache-Control: max-age=60", "Proxy-Authentication-Info: x");

        assertThat(first.header("proxy-authentication-info")).isNull();
    }

    @Test
    void section5_1_anAnswerFromTheCacheTellsItsAge() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(17);

        assertThat(get().headerValues("age")).containsExactly("17");
    }

    @Test
    void section5_1_theAgeThatTheBackendToldGoesOn() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Age: 20");
        pass(17);

        assertThat(get().headerValues("age")).containsExactly("37");
    }

    @Test
    void section4_2_3_theDateOfTheBackendIsKept() throws IOException {
        String born = date(0);
        stored("one", "Cache-Control: max-age=60", "Date: " + born);
        pass(17);

        assertThat(get().headerValues("date")).containsExactly(born);
    }

    @Test
    void rfc9110Section6_6_1_anAnswerWithoutDateIsOfTheTimeItArrived() throws IOException {
        String arrived = date(0);
        RawResponse first = stored("one", "Cache-Control: max-age=60");
        pass(17);

        assertThat(first.headerValues("date")).containsExactly(arrived);
        assertThat(get().headerValues("date")).containsExactly(arrived);
    }

    @Test
    void rfc9110Section6_6_1_anAnswerWithoutReadableDateIsOfTheTimeItArrived() throws IOException {
        String arrived = date(0);
        stored("one", "Cache-Control: max-age=60", "Date: lately", "Date: never");
        pass(17);

        assertThat(get().headerValues("date")).containsExactly(arrived);
    }

    @Test
    void rfc9110Section6_6_1_anAnswerWithoutDateThatIsNotKeptIsOfTheTimeItArrivedToo() throws IOException {
        RawResponse passed = stored("one", "Cache-Control: no-store");

        assertThat(passed.headerValues("date")).containsExactly(date(0));
    }

    @Test
    void rfc9110Section6_6_1_aDateThatIsThereIsLeftAlone() throws IOException {
        RawResponse passed = stored("one", "Cache-Control: no-store", "Date: " + date(-99));

        assertThat(passed.headerValues("date")).containsExactly(date(-99));
    }

    @Test
    void rfc9110Section7_6_3_viaIsOnAnswersFromTheCache() throws IOException {
        assertThat(hit("Cache-Control: max-age=60").headerValues("via")).containsExactly("1.1 detour");
    }

    @Test
    void rfc9110Section7_6_3_whoPassedAnAnswerOnBeforeIsNamedBeforeUs() throws IOException {
        RawResponse first = stored("one", "Cache-Control: max-age=60", "Via: 1.1 something");

        assertThat(first.headerValues("via")).containsExactly("1.1 something", "1.1 detour");
        assertThat(get().headerValues("via")).containsExactly("1.1 something", "1.1 detour");
    }

    @Test
    @SuppressWarnings("StringConcatToTextBlock") // the line ends are the point
    void rfc9112Section6_aChunkedAnswerIsGivenWithOneFramingOnly() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n"));
        get();

        RawResponse hit = get();

        assertThat(hit.text()).isEqualTo("one");
        assertThat(hit.header("transfer-encoding")).isNull();
        assertThat(hit.headerValues("content-length")).containsExactly("3");
    }

    @Test
    void section3_1_aLengthIsToldOnce() throws IOException {
        assertThat(hit("Cache-Control: max-age=60").headerValues("content-length"))
                .containsExactly("3");
    }

    @Test
    void section3_1_expiresAndCacheControlArePassedOn() throws IOException {
        String expires = date(60);
        RawResponse hit = hit("Cache-Control: max-age=60, community=\"UCI\"", "Expires: " + expires);

        assertThat(hit.header("cache-control")).isEqualTo("max-age=60, community=\"UCI\"");
        assertThat(hit.header("expires")).isEqualTo(expires);
    }
}
