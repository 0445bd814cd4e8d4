package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Dates that a cache has to add, and those that it may compare (RFC 9110 6.6.1, 8.8.2.2, 13.1.5, RFC 9111 4.3). */
class Rfc9110DatesTest extends CacheRig {
    @Test
    void section6_6_1_anAnswerWithoutDateWasMadeWhenItCame() throws IOException {
        String arrival = date(0);
        RawResponse first = stored("one", "Cache-Control: max-age=60");
        pass(10);

        assertThat(first.header("date")).isEqualTo(arrival);
        assertThat(get().header("date")).isEqualTo(arrival);
    }

    @Test
    void section6_6_1_anAnswerThatIsNotKeptGetsADateToo() throws IOException {
        assertThat(stored("one", "Cache-Control: no-store").header("date")).isNotNull();
    }

    @Test
    void rfc9111Section4_3_4_aNotModifiedWithoutDateCountsFromItsArrival() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"one\"", "Date: " + date(0));
        pass(100);
        backend.answer(notModified("ETag: \"one\""));
        get();
        pass(30);

        RawResponse renewed = get();

        assertThat(renewed.header("detour-source")).isEqualTo("cache");
        assertThat(renewed.header("age")).isEqualTo("30");
    }

    @Test
    void rfc9111Section4_3_2_anAnswerThatNamesNoChangeWasChangedWhenItWasMade() throws IOException {
        String made = date(0);
        stored("one", "Cache-Control: max-age=600", "Date: " + made);
        pass(100);

        assertThat(get("If-Modified-Since: " + made).status()).isEqualTo(304);
        assertThat(get("If-Modified-Since: " + date(0)).status()).isEqualTo(304);
        assertThat(get("If-Modified-Since: " + date(-200)).status()).isEqualTo(200);
    }

    @Test
    void section13_1_5_aChangeInTheSecondOfTheAnswerIsNoGroundForAPart() throws IOException {
        String now = date(0);
        stored("0123456789", "Cache-Control: max-age=600", "Date: " + now, "Last-Modified: " + now);

        assertThat(get("Range: bytes=0-1", "If-Range: " + now).status()).isEqualTo(200);
    }

    @Test
    void section13_1_5_aChangeLongBeforeIsOne() throws IOException {
        String changed = date(-5);
        stored("0123456789", "Cache-Control: max-age=600", "Date: " + date(0), "Last-Modified: " + changed);

        assertThat(get("Range: bytes=0-1", "If-Range: " + changed).status()).isEqualTo(206);
    }

    @Test
    void section7_6_3_theWayOfAnAnswerIsKeptWithIt() throws IOException {
        RawResponse first = stored("one", "Cache-Control: max-age=60", "Via: 1.1 inner");

        assertThat(String.join(", ", first.headerValues("via"))).isEqualTo("1.1 inner, 1.1 detour");
        assertThat(String.join(", ", get().headerValues("via"))).isEqualTo("1.1 inner, 1.1 detour");
    }

    @Test
    void rfc9111Section5_2_2_3_whoUnderstandsTheStatusMayKeepWhatMustBeUnderstood() throws IOException {
        assertThat(isReused(1, "Cache-Control: must-understand, no-store, max-age=60"))
                .isTrue();
    }

    @Test
    void rfc9111Section5_2_2_3_noStoreByItselfForbids() throws IOException {
        assertThat(isReused(1, "Cache-Control: no-store, max-age=60")).isFalse();
    }
}
