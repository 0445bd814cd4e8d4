package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimpleFormTest {

    @ParameterizedTest(name = "[{0}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                                                     | HTML",
                "*/*                                                                                                    | HTML",
                "application/*                                                                                          | V1_HTML",
                "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.1, text/html;q=0.01       | V1_JSON",
                "application/vnd.pypi.simple.v1+json                                                                    | V1_JSON",
                "application/vnd.pypi.simple.v1+json, */*;q=0.1                                                         | V1_JSON",
                "text/html;q=0.5, application/vnd.pypi.simple.v1+json;q=0.4                                             | HTML",
                "text/html;q=0, */*                                                                                     | V1_HTML",
                "application/vnd.pypi.simple.v1+html;q=0.2, application/vnd.pypi.simple.v1+json;q=0.9                   | V1_JSON",
                "image/png                                                                                              | HTML",
                "application/vnd.pypi.simple.latest+json                                                                | HTML",
            })
    void formIsTheOneTheClientLikesBest(String accept, SimpleForm expected) {
        assertThat(SimpleForm.negotiate(accept)).isEqualTo(expected);
    }
}
