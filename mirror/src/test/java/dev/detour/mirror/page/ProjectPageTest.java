package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectPageTest {
    private static ProjectPage page(String json) {
        return ProjectPage.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String json(String json) {
        return new String(page(json).json(), StandardCharsets.UTF_8);
    }

    private static String html(String json) {
        return new String(page(json).html(), StandardCharsets.UTF_8);
    }

    @Test
    void numbersKeepTheirDigits() {
        String page = "{\"files\":[],\"name\":\"n\",\"versions\":[],"
                + "\"x\":[1.50,1e2,-0,0,123456789012345678901234567890,1E-7,-12]}\n";

        assertThat(json(page)).isEqualTo(page);
    }

    @Test
    void keysAreSortedByCodePointAndWhiteSpaceIsDropped() {
        assertThat(json("{ \"name\" : \"n\", \"versions\":[], \"\uff5e\":1, \"\ud83d\ude00\":2, \"files\" : [ ] }"))
                .isEqualTo("{\"files\":[],\"name\":\"n\",\"versions\":[],\"\uff5e\":1,\"\ud83d\ude00\":2}\n");
    }

    @Test
    void controlCharactersAndHalfPairsAreEscaped() {
        assertThat(json("{\"files\":[],\"name\":\"n\",\"versions\":[],\"x\":\"\\u0001\\t\\ud800\\\"\\\\\\/\"}"))
                .contains("\"x\":\"\\u0001\\t\\ud800\\\"\\\\/\"");
    }

    @Test
    void versionsOutOfOrderAreTakenFromTheFiles() {
        String page = json("{\"files\":[" + file("n-1.10.tar.gz") + "," + file("n-1.9.tar.gz") + "],\"name\":\"n\","
                + "\"versions\":[\"1.10\",\"1.9\",\"2.0\"]}");

        assertThat(page)
                .contains("\"versions\":[\"1.9\",\"1.10\"]")
                .containsSubsequence("n-1.9.tar.gz", "n-1.10.tar.gz");
    }

    @Test
    void versionsInOrderStayThoughSomeHaveNoFile() {
        String page = json("{\"files\":[" + file("n-1.9.tar.gz") + "],\"name\":\"n\",\"versions\":[\"1.9\",\"2.0\"]}");

        assertThat(page).contains("\"versions\":[\"1.9\",\"2.0\"]");
    }

    @Test
    void reasonOfAProjectStatusIsShown() {
        assertThat(
                        html(
                                "{\"files\":[],\"name\":\"n\",\"project-status\":{\"status\":\"archived\",\"reason\":\"a<b\"}}"))
                .contains("<meta name=\"pypi:project-status\" content=\"archived\">"
                        + "<meta name=\"pypi:project-status-reason\" content=\"a&lt;b\">    <title>");
    }

    @ParameterizedTest
    @CsvSource({"1.0,1.0", "1.1,1.1", "1.4,1.4", "1.5,1.4", "1.12,1.4"})
    void htmlClaimsNoVersionAboveTheFrozenOne(String jsonVersion, String htmlVersion) {
        assertThat(html("{\"files\":[],\"meta\":{\"api-version\":\"" + jsonVersion + "\"},\"name\":\"n\"}"))
                .contains("<meta name=\"pypi:repository-version\" content=\"" + htmlVersion + "\">");
    }

    @Test
    void linkWithoutSha256HasAnotherHashOrNone() {
        String html = html("{\"files\":[{\"filename\":\"n-1.zip\",\"url\":\"u1\",\"hashes\":{\"md5\":\"d\"},"
                + "\"core-metadata\":true},{\"filename\":\"n-2.zip\",\"url\":\"u2\",\"hashes\":{}}],\"name\":\"n\"}");

        assertThat(html)
                .contains(
                        "<a href=\"u1#md5=d\" data-dist-info-metadata=\"true\" data-core-metadata=\"true\">n-1.zip</a>")
                .contains("<a href=\"u2\" >n-2.zip</a>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "nope",
                "{\"name\":\"n\"}",
                "{\"files\":{},\"name\":\"n\"}",
                "{\"files\":[]}",
                "{\"files\":[1],\"name\":\"n\"}",
                "{\"files\":[{}],\"name\":\"n\"}",
                "{\"files\":[{\"filename\":\"f\"}],\"name\":\"n\"}",
                "{\"files\":[{\"filename\":\"f\",\"url\":\"u\"}],\"name\":\"n\"}",
                "{\"files\":[],\"name\":\"n\",\"meta\":{\"api-version\":\"2.0\"}}",
                "{\"files\":[],\"name\":\"n\",\"x\":NaN}"
            })
    void whatIsNoPageIsRefused(String json) {
        assertThatThrownBy(() -> page(json)).isInstanceOf(PageFormatException.class);
    }

    @Test
    void pageNestedWithoutEndIsRefused() {
        assertThatThrownBy(() -> page("{\"x\":" + "[".repeat(100_000)))
                .isInstanceOf(PageFormatException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void listKeepsWhatItDoesNotKnow() {
        String list = "{\"alpha\":[1.50],\"projects\":[{\"_last-serial\":7,\"name\":\"a\",\"x\":{}}],\"z\":null}\n";

        assertThat(new String(
                        ProjectList.parse(list.getBytes(StandardCharsets.UTF_8)).json(), StandardCharsets.UTF_8))
                .isEqualTo(list);
    }

    @Test
    void refusalNamesFieldValueAndExpectation() {
        assertThatThrownBy(() -> page("{\"files\":7,\"name\":\"n\"}")).hasMessage("'files' is 7 (expected: an array)");
    }

    @Test
    void listOutOfOrderIsSortedByNormalisedName() {
        ProjectList list = ProjectList.parse("{\"projects\":[{\"name\":\"B\"},{\"name\":\"a_c\"},{\"name\":\"a-b\"}]}"
                .getBytes(StandardCharsets.UTF_8));

        assertThat(new String(list.json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"projects\":[{\"name\":\"a-b\"},{\"name\":\"a_c\"},{\"name\":\"B\"}]}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"projects\":[", "{\"projects\":[1]}", "{\"projects\":[{}]}", "{}", "[]", "{\"projects\":[]} 1"
            })
    void brokenListHasNoNames(String json) {
        assertThatThrownBy(() -> ProjectList.namesInJson(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(PageFormatException.class);
    }

    private static String file(String name) {
        return "{\"filename\":\"" + name + "\",\"hashes\":{},\"url\":\"" + name + "\"}";
    }
}
