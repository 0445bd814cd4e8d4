package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawAnswerTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";
    private static final URI BASE = URI.create("https://index.example.org/simple/everything/");

    private static RawAnswer answer(@Nullable String type, String body) {
        return new RawAnswer(type, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                JSON,
                "application/json",
                "Application/JSON; charset=utf-8",
                "application/vnd.pypi.simple.latest+json"
            })
    void jsonIsReadUnderItsTypes(String type) {
        assertThat(answer(type, " {\"name\":\"n\"}\n").json()).hasToString("{\"name\":\"n\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/html; charset=UTF-8", "application/vnd.pypi.simple.v1+html"})
    void pageInHtmlIsRead(String type) {
        assertThat(new RawAnswer(type, Golden.bytes("everything.html"))
                        .page("everything", BASE)
                        .required("files"))
                .hasSize(1);
    }

    @Test
    void pageInJsonIsRead() {
        assertThat(new RawAnswer(JSON, Golden.bytes("everything.json")).page("everything", BASE))
                .isEqualTo(CanonicalJson.readObject(Golden.bytes("everything.json")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                JSON + " | '' | the body is empty (expected: JSON)",
                JSON + " | '  ' | the body is empty (expected: JSON)",
                JSON + " | <html><title>Bad gateway</title> | the body is the HTML page 'Bad gateway' of type " + JSON
                        + " (expected: JSON)",
                "text/html | <h1>Sign in</h1> | the body is the HTML page 'Sign in' of type text/html (expected: JSON)",
                "text/plain | try again later | the body is the text 'try again later' of type text/plain (expected: JSON)",
                "text/plain | {} | the content type is text/plain (expected: " + JSON + " or application/json)",
                "- | {} | the content type is none (expected: " + JSON + " or application/json)",
                JSON + " | [] | the document is not an object (expected: {…})"
            })
    void refusalSaysWhatCameInstead(@Nullable String type, String body, String message) {
        RawAnswer answer = answer(type, body);

        assertThatThrownBy(answer::json).isInstanceOf(PageFormatException.class).hasMessage(message);
    }

    @Test
    void jsonCutOffAnywhereIsRefused() {
        byte[] page = Golden.bytes("everything.json");
        // the last byte is the final newline
        for (int length = 1; length < page.length - 1; length++) {
            RawAnswer cut = new RawAnswer(JSON, Arrays.copyOf(page, length));

            assertThatThrownBy(() -> cut.page("everything", BASE))
                    .isInstanceOf(PageFormatException.class)
                    .hasMessageMatching("not JSON: .* of " + length);
        }
    }

    @Test
    void htmlCutOffAnywhereIsRefused() {
        byte[] page = Golden.bytes("everything.html");
        int end = Golden.text(page).indexOf("</html>") + "</html>".length();
        for (int length = 0; length < end; length++) {
            RawAnswer cut = new RawAnswer("text/html", Arrays.copyOf(page, length));

            assertThatThrownBy(() -> cut.page("everything", BASE)).isInstanceOf(PageFormatException.class);
        }
    }
}
