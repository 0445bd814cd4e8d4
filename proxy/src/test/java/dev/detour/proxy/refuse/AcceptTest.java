package dev.detour.proxy.refuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
    private static final List<BodyForm> FORMS = List.of(BodyForm.TEXT, BodyForm.JSON, BodyForm.HTML);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            */*                                                  | TEXT
            text/*                                               | TEXT
            application/*                                        | JSON
            text/html                                            | HTML
            TEXT/HTML                                            | HTML
            text/html; charset=utf-8                             | HTML
            text/html;level=1;q=0.4, application/json;q=0.5      | JSON
            application/json;q=0.9, text/plain;q=0.8             | JSON
            application/json;q=0.8, text/plain;q=0.9             | TEXT
            application/json ; Q=0.9 , text/plain ; q=0.8        | JSON
            application/json, text/plain, */*                    | JSON
            application/json, */*                                | JSON
            application/json, */*;q=0.5                          | JSON
            text/html;q=0.5, */*;q=0.1                           | HTML
            text/plain;q=0, */*                                  | JSON
            text/*;q=0, */*                                      | JSON
            text/*;q=0.2, text/html;q=0.1, application/json;q=0.15 | TEXT
            text/html;q=0.9999, application/json;q=0.99          | HTML
            text/html;q=5, application/json                      | HTML
            text/html;x="a,b;q=0", application/json;q=0.5        | HTML
            """)
    void formWantedMostIsChosen(String header, BodyForm expected) {
        assertThat(best(header)).isEqualTo(expected);
    }

    @Test
    void missingHeaderAcceptsAnything() {
        assertThat(best(null)).isEqualTo(BodyForm.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ",,,", "text", "/", "*/html", "text/", "a/b/c", ";q=1", "\"", "image/png", "*/*;q=0"})
    void headerThatNamesNoFormGetsThePreferredOne(String header) {
        assertThat(best(header)).isEqualTo(BodyForm.TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain;q=", "text/plain;q=high", "text/plain;q=-1", "text/plain;q=1.0.0", "text/plain;q=."})
    void elementWithABrokenWeightIsIgnored(String broken) {
        assertThat(best(broken + ", text/html;q=0.1")).isEqualTo(BodyForm.HTML);
    }

    private static BodyForm best(@Nullable String header) {
        return Accept.parse(header).best(FORMS);
    }
}
