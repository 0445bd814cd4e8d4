package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Requests that the backend tells apart (RFC 9111 4.1). */
class Rfc9111Section4_1VaryTest extends CacheRig {
    private void varyBy(String vary) {
        backend.answer(page("one", "Cache-Control: max-age=60", "Vary: " + vary));
    }

    @Test
    void section4_1_theSameFieldsGetTheSameAnswer() throws IOException {
        varyBy("X-Test");
        get("X-Test: a");

        assertThat(asksBackend("X-Test: a")).isFalse();
    }

    @Test
    void section4_1_anotherValueIsAskedFor() throws IOException {
        varyBy("X-Test");
        get("X-Test: a");

        assertThat(asksBackend("X-Test: b")).isTrue();
    }

    @Test
    void section4_1_bothVariantsAreKept() throws IOException {
        varyBy("X-Test");
        get("X-Test: a");
        get("X-Test: b");

        assertThat(asksBackend("X-Test: a")).isFalse();
        assertThat(asksBackend("X-Test: b")).isFalse();
    }

    @Test
    void section4_1_namesInVaryHaveNoCase() throws IOException {
        varyBy("x-TEST");
        get("X-Test: a");

        assertThat(asksBackend("x-test: b")).isTrue();
        assertThat(asksBackend("x-test: a")).isFalse();
    }

    @Test
    void section4_1_allNamesInVaryCount() throws IOException {
        varyBy("X-Test, X-Other");
        get("X-Test: a", "X-Other: a");

        assertThat(asksBackend("X-Test: a", "X-Other: b")).isTrue();
        assertThat(asksBackend("X-Other: a", "X-Test: a")).isFalse();
    }

    @Test
    void section4_1_severalLinesOfVaryCount() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60", "Vary: X-Test", "Vary: X-Other"));
        get("X-Test: a", "X-Other: a");

        assertThat(asksBackend("X-Test: a", "X-Other: b")).isTrue();
    }

    @Test
    void section4_1_fieldsNotInVaryDoNotCount() throws IOException {
        varyBy("X-Test");
        get("X-Test: a", "X-Other: a");

        assertThat(asksBackend("X-Test: a", "X-Other: b")).isFalse();
    }

    @Test
    void section4_1_whatIsAbsentDoesNotMatchWhatIsPresent() throws IOException {
        varyBy("X-Test");
        get();

        assertThat(asksBackend("X-Test: a")).isTrue();
        assertThat(asksBackend()).isFalse();
    }

    @Test
    void section4_1_whatIsAbsentDoesNotMatchWhatIsEmpty() throws IOException {
        varyBy("X-Test");
        get();

        assertThat(asksBackend("X-Test:")).isTrue();
    }

    @Test
    void section4_1_linesOfOneFieldAreOneList() throws IOException {
        varyBy("X-Test");
        get("X-Test: a", "X-Test: b");

        assertThat(asksBackend("X-Test: a, b")).isFalse();
        assertThat(asksBackend("X-Test: a,  b")).isFalse();
    }

    @Test
    void section4_1_orderMatters() throws IOException {
        varyBy("X-Test");
        get("X-Test: a, b");

        assertThat(asksBackend("X-Test: b, a")).isTrue();
    }

    @Test
    void section4_1_theCaseOfValuesMatters() throws IOException {
        varyBy("User-Agent");
        get("User-Agent: pip/24");

        assertThat(asksBackend("User-Agent: PIP/24")).isTrue();
    }

    @Test
    void section4_1_aStarNeverMatches() throws IOException {
        varyBy("*");
        get();

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_1_aStarAmongOthersNeverMatches() throws IOException {
        varyBy("X-Test, *");
        get("X-Test: a");

        assertThat(asksBackend("X-Test: a")).isTrue();
    }

    @Test
    void section4_1_codingsThatMeanTheSameMatch() throws IOException {
        varyBy("Accept-Encoding");
        get("Accept-Encoding: gzip, br");

        assertThat(asksBackend("Accept-Encoding: br,gzip")).isFalse();
        assertThat(asksBackend("Accept-Encoding: gzip;q=1.0, br")).isFalse();
    }

    @Test
    void section4_1_aCodingThatIsNotWantedIsNotTheSameAsNothingSaid() throws IOException {
        backend.answer(page("packed", "Cache-Control: max-age=60", "Vary: Accept-Encoding", "Content-Encoding: gzip"));
        get();

        assertThat(asksBackend("Accept-Encoding: gzip;q=0")).isTrue();
    }

    @Test
    void section4_1_noCodingAtAllIsNotTheSameAsNothingSaid() throws IOException {
        backend.answer(page("packed", "Cache-Control: max-age=60", "Vary: Accept-Encoding", "Content-Encoding: gzip"));
        get();

        assertThat(asksBackend("Accept-Encoding: identity")).isTrue();
    }

    @Test
    void section4_1_ofSeveralThatMatchTheNewestIsGiven() throws IOException {
        backend.answer(page("old", "Cache-Control: max-age=60", "Vary: X-Test", "Date: " + date(0)));
        get("X-Test: a", "X-Other: a");
        pass(5);
        backend.answer(page("new", "Cache-Control: max-age=60", "Vary: X-Other", "Date: " + date(0)));
        get("X-Test: b", "X-Other: a");

        assertThat(get("X-Test: a", "X-Other: a").text()).isEqualTo("new");
        assertThat(asked()).isEqualTo(2);
    }
}
