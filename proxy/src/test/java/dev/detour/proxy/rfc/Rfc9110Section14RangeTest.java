package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Parts of what is kept (RFC 9110 14). */
class Rfc9110Section14RangeTest extends CacheRig {
    private static final String BORN = "Thu, 01 Jan 2015 00:00:00 GMT";

    private RawResponse part(String... headers) throws IOException {
        stored("0123456789", "Cache-Control: max-age=60", "ETag: \"a\"", "Last-Modified: " + BORN, "Date: " + date(0));
        RawResponse part = get(headers);
        assertThat(asked()).as("requests to the backend").isEqualTo(1);
        return part;
    }

    private void assertPart(RawResponse response, String text, String range) {
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.text()).isEqualTo(text);
        assertThat(response.header("content-range")).isEqualTo("bytes " + range + "/10");
        assertThat(response.headerValues("content-length")).containsExactly(Integer.toString(text.length()));
    }

    private void assertWhole(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("0123456789");
        assertThat(response.header("content-range")).isNull();
    }

    private void assertNone(RawResponse response) {
        assertThat(response.status()).isEqualTo(416);
        assertThat(response.header("content-range")).isEqualTo("bytes */10");
    }

    @Test
    void section14_1_2_aPart() throws IOException {
        assertPart(part("Range: bytes=2-4"), "234", "2-4");
    }

    @Test
    void section14_1_2_oneByte() throws IOException {
        assertPart(part("Range: bytes=0-0"), "0", "0-0");
    }

    @Test
    void section14_1_2_theRest() throws IOException {
        assertPart(part("Range: bytes=7-"), "789", "7-9");
    }

    @Test
    void section14_1_2_theEnd() throws IOException {
        assertPart(part("Range: bytes=-3"), "789", "7-9");
    }

    @Test
    void section14_1_2_anEndLongerThanTheWholeIsTheWhole() throws IOException {
        assertPart(part("Range: bytes=-30"), "0123456789", "0-9");
    }

    @Test
    void section14_1_2_aPartBeyondTheEndEndsThere() throws IOException {
        assertPart(part("Range: bytes=8-99"), "89", "8-9");
    }

    @Test
    void section14_1_theUnitHasNoCase() throws IOException {
        assertPart(part("Range: BYTES=2-4"), "234", "2-4");
    }

    @Test
    void section14_1_2_whatBeginsBeyondTheEndCannotBeGiven() throws IOException {
        assertNone(part("Range: bytes=10-"));
    }

    @Test
    void section14_1_2_anEndOfNoBytesCannotBeGiven() throws IOException {
        assertNone(part("Range: bytes=-0"));
    }

    @Test
    void section14_1_1_aPartThatEndsBeforeItBeginsIsIgnored() throws IOException {
        assertWhole(part("Range: bytes=5-2"));
    }

    @Test
    void section14_2_unknownUnitsAreIgnored() throws IOException {
        assertWhole(part("Range: lines=2-4"));
    }

    @Test
    void section14_2_garbageIsIgnored() throws IOException {
        assertWhole(part("Range: bytes=two-four"));
    }

    @Test
    void section14_2_headHasNoParts() throws IOException {
        stored("0123456789", "Cache-Control: max-age=60");

        RawResponse head = request("HEAD", "Range: bytes=2-4");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-length")).isEqualTo("10");
    }

    @Test
    void section14_2_severalPartsAreGivenAsPartsOrWhole() throws IOException {
        RawResponse several = part("Range: bytes=0-1,4-5");

        boolean parts = several.status() == 206
                && String.valueOf(several.header("content-type")).startsWith("multipart/byteranges");
        assertThat(parts || (several.text().equals("0123456789") && several.status() == 200))
                .as("%s", several)
                .isTrue();
    }

    @Test
    void section14_2_aConditionComesBeforeAPart() throws IOException {
        assertThat(part("Range: bytes=2-4", "If-None-Match: \"a\"").status()).isEqualTo(304);
    }

    @Test
    void section13_1_5_aPartOfWhatTheClientHas() throws IOException {
        assertPart(part("Range: bytes=2-4", "If-Range: \"a\""), "234", "2-4");
    }

    @Test
    void section13_1_5_theWholeOfWhatTheClientDoesNotHave() throws IOException {
        assertWhole(part("Range: bytes=2-4", "If-Range: \"b\""));
    }

    @Test
    void section13_1_5_aWeakTagIsNoMatch() throws IOException {
        assertWhole(part("Range: bytes=2-4", "If-Range: W/\"a\""));
    }

    @Test
    void section13_1_5_aWeakTagOfOursIsNoMatch() throws IOException {
        stored("0123456789", "Cache-Control: max-age=60", "ETag: W/\"a\"");

        assertWhole(get("Range: bytes=2-4", "If-Range: W/\"a\""));
    }

    @Test
    void section13_1_5_theExactTimeIsAMatch() throws IOException {
        assertPart(part("Range: bytes=2-4", "If-Range: " + BORN), "234", "2-4");
    }

    @Test
    void section13_1_5_aTimeOfTheSecondInWhichItWasSentIsNoMatch() throws IOException {
        String born = date(0);
        stored("0123456789", "Cache-Control: max-age=60", "Last-Modified: " + born, "Date: " + born);

        assertWhole(get("Range: bytes=2-4", "If-Range: " + born));
    }

    @Test
    void section13_1_5_aTimeOneSecondBeforeItWasSentIsAMatch() throws IOException {
        String born = date(-1);
        stored("0123456789", "Cache-Control: max-age=60", "Last-Modified: " + born, "Date: " + date(0));

        assertPart(get("Range: bytes=2-4", "If-Range: " + born), "234", "2-4");
    }

    @Test
    void section13_1_5_anotherTimeIsNoMatch() throws IOException {
        assertWhole(part("Range: bytes=2-4", "If-Range: Fri, 02 Jan 2015 00:00:00 GMT"));
    }

    @Test
    void section13_1_5_whatIsMuchTooLongForADateIsNoMatch() throws IOException {
        assertWhole(part("Range: bytes=2-4", "If-Range: " + "x".repeat(100)));
    }

    @Test
    void section13_1_5_withoutARangeItIsIgnored() throws IOException {
        assertWhole(part("If-Range: \"a\""));
    }

    @Test
    void section15_3_7_aPartSaysWhatTheWholeWouldSay() throws IOException {
        RawResponse part = part("Range: bytes=2-4");

        assertThat(part.header("etag")).isEqualTo("\"a\"");
        assertThat(part.header("cache-control")).isEqualTo("max-age=60");
        assertThat(part.header("date")).isNotNull();
    }

    @Test
    void section14_2_onlyASuccessHasParts() throws IOException {
        backend.answer(answer(404, "0123456789", "Cache-Control: max-age=60"));
        get();

        assertThat(get("Range: bytes=2-4").status()).isEqualTo(404);
    }

    @Test
    void section14_2_whatIsNotKeptIsAskedForAsItIs() throws IOException {
        backend.answer(answer(206, "234", "Content-Range: bytes 2-4/10"));

        RawResponse part = get("Range: bytes=2-4");

        assertThat(lastAsked("range")).isEqualTo("bytes=2-4");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("234");
    }
}
