package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Which answers are kept at all (RFC 9111 3). */
class Rfc9111Section3StoringTest extends CacheRig {
    @Test
    void section3_anAnswerThatSaysHowLongItIsFreshIsKept() throws IOException {
        assertThat(isReused(59, "Cache-Control: max-age=60")).isTrue();
    }

    @Test
    void section3_anAnswerThatSaysPrivateIsNotKept() throws IOException {
        assertThat(isReused(0, "Cache-Control: private, max-age=60")).isFalse();
    }

    @Test
    void section3_anAnswerThatSaysNoStoreIsNotKept() throws IOException {
        assertThat(isReused(0, "Cache-Control: no-store, max-age=60")).isFalse();
    }

    @Test
    void section3_noStoreOnASecondLineCountsToo() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=60", "Cache-Control: no-store"))
                .isFalse();
    }

    @Test
    void section3_directivesAreNotAskedForTheirCase() throws IOException {
        assertThat(isReused(0, "cache-control: Max-Age=60, NO-STORE")).isFalse();
    }

    @Test
    void section3_directiveNamesInsideAQuotedValueAreNoDirectives() throws IOException {
        assertThat(isReused(30, "Cache-Control: community=\"no-store, private\", max-age=60"))
                .isTrue();
    }

    @Test
    void section3_nothingIsKeptThatSaysNothingOfFreshnessAndHasNoValidator() throws IOException {
        assertThat(isReused(0)).isFalse();
    }

    @Test
    void section3_theAnswerToAPostIsNotGivenToAGet() throws IOException {
        backend.answer(page("posted", "Cache-Control: max-age=60"));
        request("POST", "Content-Length: 0");
        backend.answer(page("got", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("got");
    }

    @Test
    void section3_theAnswerToAHeadIsNotGivenToAGet() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60"));
        request("HEAD");

        assertThat(get().text()).isEqualTo("one");
    }

    @Test
    void section3_addressesThatDifferInTheirQueryAreKeptApart() throws IOException {
        backend.answerBy(head -> page(head.target(), "Cache-Control: max-age=60"));
        proxy.get(PAGE + "?a=1");

        assertThat(proxy.get(PAGE + "?a=2").text()).isEqualTo(PAGE + "?a=2");
    }

    @Test
    void section3_addressesThatDifferInTheCaseOfTheirPathAreKeptApart() throws IOException {
        backend.answerBy(head -> page(head.target(), "Cache-Control: max-age=60"));
        proxy.get("/thing/x");

        assertThat(proxy.get("/thing/X").text()).isEqualTo("/thing/X");
    }

    @Test
    void section3_3_anAnswerThatBrokeOffIsNotKeptAsAWhole() throws IOException {
        backend.answer(Answer.closeAfter(
                "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"a\"\r\nContent-Length: 10\r\n\r\nhalf"));
        get();
        backend.answer(page("whole body", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("whole body");
    }

    @Test
    @SuppressWarnings("StringConcatToTextBlock") // the line ends are the point
    void section3_3_aChunkedAnswerWithoutItsLastChunkIsNotKeptAsAWhole() throws IOException {
        backend.answer(Answer.closeAfter("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: \"a\"\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"));
        get();
        backend.answer(page("whole body", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("whole body");
    }

    @Test
    void section3_3_aPartIsNotGivenAsTheWhole() throws IOException {
        backend.answer(answer(206, "part", "Cache-Control: max-age=60", "Content-Range: bytes 0-3/10"));
        get("Range: bytes=0-3");
        backend.answer(page("whole body", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("whole body");
    }

    @Test
    void section5_2_2_3_mustUnderstandKeepsAStatusThatIsNotUnderstoodOut() throws IOException {
        backend.answer(answer(299, "odd", "Cache-Control: max-age=60, must-understand"));
        get();

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section5_2_3_whatTheCacheDoesNotKnowItIgnores() throws IOException {
        assertThat(isReused(30, "Cache-Control: community=\"UCI\", max-age=60, frobnicate"))
                .isTrue();
    }
}
