package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How what is stale is asked for again (RFC 9111 4.3, 3.2). */
class Rfc9111Section4_3ValidationTest extends CacheRig {
    private static final String BORN = "Thu, 01 Jan 2015 00:00:00 GMT";

    /** Keeps a page with these headers, lets it go stale, and has the backend answer so when it is asked again. */
    private RawResponse askedAgain(Answer again, String... headers) throws IOException {
        stored("one", headers);
        pass(61);
        backend.answer(again);
        return get();
    }

    @Test
    void section4_3_1_theTagIsSent() throws IOException {
        askedAgain(notModified("ETag: \"a\""), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(lastAsked("if-none-match")).isEqualTo("\"a\"");
    }

    @Test
    void section4_3_1_aWeakTagIsSentAsItIs() throws IOException {
        askedAgain(notModified("ETag: W/\"a\""), "Cache-Control: max-age=60", "ETag: W/\"a\"");

        assertThat(lastAsked("if-none-match")).isEqualTo("W/\"a\"");
    }

    @Test
    void section4_3_1_theTimeOfModificationIsSent() throws IOException {
        askedAgain(notModified(), "Cache-Control: max-age=60", "Last-Modified: " + BORN);

        assertThat(lastAsked("if-modified-since")).isEqualTo(BORN);
    }

    @Test
    void section4_3_1_withoutValidatorNoConditionIsSent() throws IOException {
        askedAgain(page("two"), "Cache-Control: max-age=60");

        assertThat(lastAsked("if-none-match")).isNull();
        assertThat(lastAsked("if-modified-since")).isNull();
    }

    @Test
    void section4_3_3_whatStillHoldsIsGivenWhole() throws IOException {
        RawResponse again =
                askedAgain(notModified("ETag: \"a\""), "Cache-Control: max-age=60", "ETag: \"a\"", "X-Odd: 1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo("one");
        assertThat(again.header("x-odd")).isEqualTo("1");
        assertThat(again.header("content-length")).isEqualTo("3");
    }

    @Test
    void section4_3_3_aClientWithTheSameIsToldSo() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(61);
        backend.answer(notModified("ETag: \"a\""));

        RawResponse again = get("If-None-Match: \"a\"");

        assertThat(again.status()).isEqualTo(304);
        assertThat(get().text()).isEqualTo("one");
    }

    @Test
    void section4_3_3_aClientWithAnotherGetsWhatStillHolds() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(61);
        backend.answer(notModified("ETag: \"a\""));

        RawResponse again = get("If-None-Match: \"b\"");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo("one");
    }

    @Test
    void section4_3_3_aNewAnswerReplacesTheOld() throws IOException {
        RawResponse again = askedAgain(
                page("two", "Cache-Control: max-age=60", "ETag: \"b\""),
                "Cache-Control: max-age=60",
                "ETag: \"a\"",
                "X-Odd: 1");

        assertThat(again.text()).isEqualTo("two");
        assertThat(again.header("x-odd")).isNull();
        assertThat(get().text()).isEqualTo("two");
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void section4_3_3_anAbsenceIsPassedOn() throws IOException {
        RawResponse again = askedAgain(answer(404, "gone"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(again.status()).isEqualTo(404);
    }

    @Test
    void section4_3_3_anErrorMayBeAnsweredWithWhatIsStale() throws IOException {
        RawResponse again = askedAgain(answer(500, "broken"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo("one");
    }

    @Test
    void section4_3_3_anErrorDoesNotRenew() throws IOException {
        askedAgain(answer(503, "broken", "Cache-Control: max-age=60"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_3_4_whatStillHoldsIsFreshAgain() throws IOException {
        askedAgain(notModified("ETag: \"a\"", "Cache-Control: max-age=60"), "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(59);

        assertThat(asksBackend()).isFalse();
        assertThat(get().header("age")).isEqualTo("59");
    }

    @Test
    void section4_3_4_whatTheBackendDoesNotRepeatStillCounts() throws IOException {
        askedAgain(notModified("ETag: \"a\""), "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(59);

        assertThat(asksBackend()).isFalse();
        pass(1);
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_3_4_aNewDateMakesFreshAgain() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"", "Date: " + date(0));
        pass(61);
        String renewed = date(0);
        backend.answer(notModified("ETag: \"a\"", "Date: " + renewed));
        get();
        pass(30);

        assertThat(asksBackend()).isFalse();
        assertThat(get().headerValues("date")).containsExactly(renewed);
    }

    @Test
    void section4_3_4_aConfirmationWithoutDateWasMadeWhenItArrived() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"", "Date: " + date(0));
        pass(61);
        String renewed = date(0);
        backend.answer(notModified("ETag: \"a\""));
        get();
        pass(59);

        RawResponse again = get();

        assertThat(asked()).isEqualTo(2);
        assertThat(again.headerValues("date")).containsExactly(renewed);
        assertThat(again.headerValues("age")).containsExactly("59");
    }

    @Test
    void rfc9110Section7_6_3_whoPassedTheConfirmationOnIsNamedOnce() throws IOException {
        RawResponse again = askedAgain(
                notModified("ETag: \"a\"", "Via: 1.1 new"), "Cache-Control: max-age=60", "ETag: \"a\"", "Via: 1.1 old");

        assertThat(again.headerValues("via")).containsExactly("1.1 new", "1.1 detour");
        assertThat(get().headerValues("via")).containsExactly("1.1 new", "1.1 detour");
    }

    @Test
    void section4_3_4_theOldAgeIsForgotten() throws IOException {
        askedAgain(notModified("ETag: \"a\""), "Cache-Control: max-age=60", "ETag: \"a\"", "Age: 30");
        pass(10);

        assertThat(get().headerValues("age")).containsExactly("10");
    }

    @Test
    void section4_3_4_theNewAgeCounts() throws IOException {
        askedAgain(notModified("ETag: \"a\"", "Age: 25"), "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(10);

        assertThat(get().headerValues("age")).containsExactly("35");
    }

    @Test
    void section3_2_fieldsOfTheSameNameAreReplaced() throws IOException {
        RawResponse again = askedAgain(
                notModified("ETag: \"a\"", "X-Odd: new"),
                "Cache-Control: max-age=60",
                "ETag: \"a\"",
                "X-Odd: old",
                "X-Odd: older");

        assertThat(again.headerValues("x-odd")).containsExactly("new");
        assertThat(get().headerValues("x-odd")).containsExactly("new");
    }

    @Test
    void section3_2_newFieldsAreAdded() throws IOException {
        askedAgain(notModified("ETag: \"a\"", "X-New: 1"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(get().header("x-new")).isEqualTo("1");
    }

    @Test
    void section3_2_theLengthIsThatOfTheBodyThatIsKept() throws IOException {
        RawResponse again = askedAgain(
                notModified("ETag: \"a\"", "Content-Length: 700"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(again.headerValues("content-length")).containsExactly("3");
        assertThat(again.text()).isEqualTo("one");
    }

    @Test
    void section3_2_fieldsOfTheConnectionAreNotAdded() throws IOException {
        askedAgain(
                notModified("ETag: \"a\"", "Connection: X-Hop", "X-Hop: 1", "Keep-Alive: timeout=9"),
                "Cache-Control: max-age=60",
                "ETag: \"a\"");

        assertThat(get().header("x-hop")).isNull();
        assertThat(get().header("keep-alive")).isNull();
    }

    @Test
    void section3_2_aNewLifetimeCounts() throws IOException {
        askedAgain(notModified("ETag: \"a\"", "Cache-Control: max-age=5"), "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(6);

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section3_2_whatMayNoMoreBeKeptIsNotGivenAgain() throws IOException {
        RawResponse again = askedAgain(
                notModified("ETag: \"a\"", "Cache-Control: no-store"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(again.text()).isEqualTo("one");
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section3_2_whatHasBecomePrivateIsNotGivenAgain() throws IOException {
        askedAgain(
                notModified("ETag: \"a\"", "Cache-Control: private, max-age=60"),
                "Cache-Control: max-age=60",
                "ETag: \"a\"");

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_3_4_withoutAnyValidatorTheOnlyOneKeptIsRenewed() throws IOException {
        RawResponse again = askedAgain(
                notModified("Cache-Control: max-age=60"), "Cache-Control: max-age=60", "Last-Modified: " + BORN);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo("one");
    }

    @Test
    void section4_3_4_anotherStrongTagRenewsNothing() throws IOException {
        askedAgain(notModified("ETag: \"b\"", "Cache-Control: max-age=60"), "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_3_4_aTagThatIsTheSameButForWeaknessRenews() throws IOException {
        askedAgain(
                notModified("ETag: W/\"a\"", "Cache-Control: max-age=60"),
                "Cache-Control: max-age=60",
                "ETag: W/\"a\"");

        assertThat(asksBackend()).isFalse();
    }

    @Test
    void section4_3_1_eachVariantIsAskedForWithItsOwnTag() throws IOException {
        backend.answerBy(head -> page(
                "for " + head.header("x-test"),
                "Cache-Control: max-age=60",
                "Vary: X-Test",
                "ETag: \"" + head.header("x-test") + "\""));
        get("X-Test: a");
        get("X-Test: b");
        pass(61);
        backend.answerBy(head -> notModified("ETag: " + head.header("if-none-match")));

        assertThat(get("X-Test: a").text()).isEqualTo("for a");
        assertThat(get("X-Test: b").text()).isEqualTo("for b");
    }

    @Test
    void section4_3_1_anAnswerThatIsAlwaysAskedForSavesItsBody() throws IOException {
        stored("one", "ETag: \"a\"");
        backend.answer(notModified("ETag: \"a\""));

        RawResponse again = get();

        assertThat(lastAsked("if-none-match")).isEqualTo("\"a\"");
        assertThat(again.text()).isEqualTo("one");
    }
}
