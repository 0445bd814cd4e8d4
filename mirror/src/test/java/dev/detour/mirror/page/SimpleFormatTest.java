package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimpleFormatTest {
    private static final String SIMPLE = "application/vnd.pypi.simple.";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // nobody asks for anything
                "- | TEXT_HTML",
                "'' | TEXT_HTML",
                "*/* | TEXT_HTML",
                // installers: pip, uv, Poetry
                "$v1+json, $v1+html;q=0.1, text/html;q=0.01 | V1_JSON",
                "$v1+json, $v1+html;q=0.2, text/html;q=0.01 | V1_JSON",
                "$v1+json, */*;q=0.1 | V1_JSON",
                "$v1+json | V1_JSON",
                "$v1+html | V1_HTML",
                "$latest+json | V1_JSON",
                "$latest+html | V1_HTML",
                "APPLICATION/VND.PYPI.SIMPLE.V1+JSON | V1_JSON",
                // a browser
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | TEXT_HTML",
                // ties and wildcards
                "$v1+json, $v1+html, text/html | TEXT_HTML",
                "$v1+json, $v1+html | V1_HTML",
                "application/* | V1_HTML",
                "text/* | TEXT_HTML",
                "application/*, text/*;q=0.9 | V1_HTML",
                // the most specific range decides
                "*/*;q=0.9, text/html;q=0.1, $v1+html;q=0.1 | V1_JSON",
                "text/html;q=0, */* | V1_HTML",
                "text/html;q=0, $v1+html;q=0, */*;q=0.1 | V1_JSON",
                "application/*;q=1, $v1+html;q=0 | V1_JSON",
                // nothing left: never 406
                "text/html;q=0 | TEXT_HTML",
                "*/*;q=0 | TEXT_HTML",
                "image/png | TEXT_HTML",
                "application/json | TEXT_HTML",
                "$v2+json | TEXT_HTML",
                // malformed elements cost only themselves
                "nonsense, $v1+json | V1_JSON",
                "text/html;q=high, $v1+json;q=0.1 | V1_JSON",
                "text/html;q=1.5, $v1+json;q=0.1 | V1_JSON",
                "*/html, $v1+json;q=0.1 | V1_JSON",
                ",, ;q=1, $v1+json ,| V1_JSON",
                "text/html;level=1, $v1+json;q=0.1 | V1_JSON",
                "text/html;charset=utf-8, $v1+json;q=0.1 | TEXT_HTML",
                "$v1+json;q=0.5;ext=1, text/html;q=0.4 | V1_JSON",
                "text/html; q=0.001, $v1+json ; Q=0.002 | V1_JSON"
            })
    void acceptChoosesTheForm(@Nullable String accept, SimpleFormat expected) {
        String header = accept == null ? null : accept.replace("$", SIMPLE);

        assertThat(SimpleFormat.negotiate(header, null)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/vnd.pypi.simple.v1+json | V1_JSON",
                "application/vnd.pypi.simple.latest+json | V1_JSON",
                "application/vnd.pypi.simple.v1+html | V1_HTML",
                "application/vnd.pypi.simple.latest+html | V1_HTML",
                "text/html | TEXT_HTML",
                "json | V1_HTML",
                "application/* | V1_HTML",
                "Text/HTML | V1_HTML"
            })
    void formatParameterWinsIfItIsAKnownType(String format, SimpleFormat expected) {
        assertThat(SimpleFormat.negotiate("application/vnd.pypi.simple.v1+html", format))
                .isEqualTo(expected);
    }
}
