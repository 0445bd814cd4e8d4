package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Answers to clients who log in (RFC 9111 3.5). */
class Rfc9111Section3_5AuthorizationTest extends CacheRig {
    private static final String ALICE = "Authorization: Basic YWxpY2U6YQ==";
    private static final String BOB = "Authorization: Basic Ym9iOmI=";

    private void answerByName(String control) {
        backend.answerBy(head -> page(String.valueOf(head.header("authorization")), "Cache-Control: " + control));
    }

    @Test
    void section3_5_anAnswerToOneUserIsNotGivenToAnother() throws IOException {
        answerByName("max-age=60");
        get(ALICE);

        assertThat(get(BOB).text()).isEqualTo("Basic Ym9iOmI=");
    }

    @Test
    void section3_5_anAnswerToAUserIsNotGivenToNobody() throws IOException {
        answerByName("max-age=60");
        get(ALICE);

        assertThat(get().text()).isEqualTo("null");
    }

    @Test
    void section3_5_anAnswerToAUserIsNotGivenInAnOutage() throws IOException {
        answerByName("max-age=60");
        get(ALICE);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void section3_5_privateAndAuthorizedIsNotShared() throws IOException {
        answerByName("private, max-age=60");
        get(ALICE);

        assertThat(get(BOB).text()).isEqualTo("Basic Ym9iOmI=");
    }

    @Test
    void section3_5_whatIsPublicMayBeGivenToThoseWhoLogIn() throws IOException {
        stored("one", "Cache-Control: public, max-age=60");

        assertThat(asksBackend(ALICE)).isFalse();
    }

    @Test
    void section3_5_whatHasASharedLifetimeMayBeGivenToThoseWhoLogIn() throws IOException {
        stored("one", "Cache-Control: s-maxage=60");

        assertThat(asksBackend(ALICE)).isFalse();
    }

    @Test
    void section3_5_whatMustBeRevalidatedMayBeGivenToThoseWhoLogIn() throws IOException {
        stored("one", "Cache-Control: must-revalidate, max-age=60");

        assertThat(asksBackend(ALICE)).isFalse();
    }

    @Test
    void section3_5_theBackendHearsWhoLogsIn() throws IOException {
        answerByName("max-age=60");

        get(ALICE);

        assertThat(lastAsked("authorization")).isEqualTo("Basic YWxpY2U6YQ==");
    }
}
