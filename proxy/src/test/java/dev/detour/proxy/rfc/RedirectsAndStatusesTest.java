package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statuses are kept (RFC 9110 15.1, RFC 9111 3). */
class RedirectsAndStatusesTest extends CacheRig {
    private boolean isKept(int status, String... headers) throws IOException {
        backend.answer(answer(status, "one", headers));
        get();
        return !asksBackend();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414})
    void rfc9111Section3_statusesThatSayHowLongAreKept(int status) throws IOException {
        assertThat(isKept(status, "Cache-Control: max-age=60", "Location: /thing/y"))
                .isTrue();
        assertThat(get().status()).isEqualTo(status);
        assertThat(get().text()).isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 303, 307})
    void section15_4_redirectionsForTheMomentThatSayNothingAreNotKept(int status) throws IOException {
        assertThat(isKept(status, "Location: /thing/y", "ETag: \"a\"")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void failuresAreNotKept(int status) throws IOException {
        assertThat(isKept(status, "Cache-Control: max-age=60")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 429})
    void whatOneClientDidWrongIsNotToldToOthers(int status) throws IOException {
        assertThat(isKept(status)).isFalse();
    }

    @Test
    void section15_4_theTargetOfARedirectionIsKept() throws IOException {
        backend.answer(answer(301, "moved", "Cache-Control: max-age=60", "Location: /thing/y"));
        get();

        RawResponse hit = get();

        assertThat(hit.header("location")).isEqualTo("/thing/y");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void section15_3_5_noContentIsKept() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 204 No Content\r\nCache-Control: max-age=60\r\n\r\n"));
        get();

        RawResponse hit = get();

        assertThat(hit.status()).isEqualTo(204);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void section8_6_noContentHasNoLength() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 204 No Content\r\nCache-Control: max-age=60\r\n\r\n"));

        RawResponse first = get();

        assertThat(first.header("content-length")).isNull();
        assertThat(get().header("content-length")).isNull();
    }

    @Test
    void rfc9111Section3_aPartIsNotKeptAsAnAnswer() throws IOException {
        assertThat(isKept(206, "Cache-Control: max-age=60", "Content-Range: bytes 0-2/10"))
                .isFalse();
    }

    @Test
    void rfc9111Section3_anUnaskedNotModifiedIsNotKept() throws IOException {
        backend.answer(notModified("Cache-Control: max-age=60", "ETag: \"a\""));
        get("If-None-Match: \"a\"");
        backend.answer(page("one", "Cache-Control: max-age=60"));

        RawResponse whole = get();

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.text()).isEqualTo("one");
    }

    @Test
    void section15_5_5_anAbsenceThatSaysNothingIsBelievedForAMoment() throws IOException {
        assertThat(isKept(404)).isTrue();
        pass(10);
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section15_5_5_anAbsenceIsNotToldInAnOutage() throws IOException {
        backend.answer(answer(404, "none", "Cache-Control: max-age=60"));
        get();
        pass(61);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section15_5_5_whatAppearsReplacesItsAbsence() throws IOException {
        backend.answer(answer(404, "none", "Cache-Control: max-age=60"));
        get();
        pass(61);
        backend.answer(page("one", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("one");
        assertThat(get().status()).isEqualTo(200);
    }
}
