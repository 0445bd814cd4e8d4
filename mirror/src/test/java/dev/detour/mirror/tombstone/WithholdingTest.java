package dev.detour.mirror.tombstone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.page.CanonicalJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class WithholdingTest {
    private static final String PAGE = """
            {"files":[{"filename":"demo-1.0.tar.gz","url":"u","hashes":{}},
              {"filename":"demo-1.0-py3-none-any.whl","url":"u","hashes":{}},
              {"filename":"demo-2.0-py3-none-any.whl","url":"u","hashes":{}}],
             "meta":{"api-version":"1.4"},"name":"demo","versions":["0.9","1.0","2.0"],"x":1}
            """;
    private static final String DOCUMENT = """
            {"info":{"name":"demo","version":"3.0","requires_python":">=3.12","requires_dist":["evil"],
              "provides_extra":["x"],"package_url":"https://i.example.org/project/demo/",
              "release_url":"https://i.example.org/project/demo/3.0/","yanked":false,"yanked_reason":null},
             "releases":{
               "1.0":[{"filename":"demo-1.0.tar.gz","requires_python":">=3.8","yanked":false},
                      {"filename":"demo-1.0-py3-none-any.whl","yanked":false}],
               "2.0":[{"filename":"demo-2.0.tar.gz","yanked":true,"yanked_reason":"bad"}],
               "3.0rc1":[{"filename":"demo-3.0rc1.tar.gz","yanked":false}],
               "3.0":[{"filename":"demo-3.0.tar.gz","yanked":false}]},
             "urls":[{"filename":"demo-3.0.tar.gz","yanked":false}],"vulnerabilities":[{"id":"1"}]}
            """;

    private static ObjectNode read(String json) {
        return CanonicalJson.readObject(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String written(ObjectNode root) {
        return new String(CanonicalJson.write(root), StandardCharsets.UTF_8);
    }

    private static String page(String... tombstones) {
        ObjectNode root = read(PAGE);
        Withholding.fromPage(root, "demo", WithdrawnTest.of(tombstones));
        return written(root);
    }

    @Test
    void aReleaseLeavesThePageWithItsFilesAndItsVersion() {
        assertThat(page("demo==1"))
                .doesNotContain("demo-1.0")
                .contains("demo-2.0-py3-none-any.whl")
                .contains("\"versions\":[\"0.9\",\"2.0\"]");
    }

    @Test
    void aFileLeavesThePageAndItsVersionStaysWhileOtherFilesDo() {
        assertThat(page("demo-1.0.tar.gz"))
                .doesNotContain("demo-1.0.tar.gz")
                .contains("demo-1.0-py3-none-any.whl", "\"versions\":[\"0.9\",\"1.0\",\"2.0\"]");
    }

    @Test
    void theLastFileOfAVersionTakesTheVersionWithIt() {
        assertThat(page("demo-2.0-py3-none-any.whl")).contains("\"versions\":[\"0.9\",\"1.0\"]");
    }

    @Test
    void aVersionWithoutFilesCanBeWithheldToo() {
        assertThat(page("demo==0.9")).contains("\"versions\":[\"1.0\",\"2.0\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "other==1.0", "other-1.0.tar.gz", "demo==1.1"})
    void aPageThatHasNothingOfItStaysAsItWas(String tombstone) {
        ObjectNode root = read(PAGE);

        boolean some = Withholding.fromPage(root, "demo", WithdrawnTest.of(tombstone));

        assertThat(some).isFalse();
        assertThat(root).isEqualTo(read(PAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "demo==2.0", "demo-1.0.tar.gz", "demo==0.9"})
    void whetherSomethingWasTakenOutIsSaid(String tombstone) {
        assertThat(Withholding.fromPage(read(PAGE), "demo", WithdrawnTest.of(tombstone)))
                .isTrue();
    }

    @Test
    void anOlderReleaseLeavesTheDocument() throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("demo==1.0"));

        assertThat(written(root)).doesNotContain("demo-1.0").contains("\"version\":\"3.0\"", "\"evil\"");
        assertThat(root.required("releases").has("1.0")).isFalse();
    }

    @Test
    void withoutItsLatestReleaseADocumentSpeaksOfTheLatestGoodOneLeft() throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("demo==3.0"));

        assertThat(written(root)).doesNotContain("demo-3.0.tar.gz", "evil", "project/demo/3.0/");
        assertThat(root.required("info").toString())
                .contains("\"version\":\"1.0\"")
                .contains("\"requires_python\":\">=3.8\"")
                .contains("\"requires_dist\":null")
                .contains("\"provides_extra\":null")
                .contains("\"yanked\":false")
                .contains("\"release_url\":\"https://i.example.org/project/demo/1.0/\"");
        assertThat(root.required("urls")).hasSize(2);
        assertThat(root.required("vulnerabilities")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"demo==1.0, 3.0rc1", "demo==3.0rc1, 1.0"})
    void aFinalReleaseGoesBeforeAPreReleaseAndBothBeforeAYankedOne(String alsoWithheld, String latest)
            throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("demo==3.0", alsoWithheld));

        assertThat(root.required("info").required("version").stringValue()).isEqualTo(latest);
    }

    @Test
    void aYankedReleaseSaysSoWhenItIsAllThatIsLeft() throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("demo==3.0", "demo==3.0rc1", "demo==1.0"));

        assertThat(root.required("info").toString())
                .contains("\"version\":\"2.0\"", "\"yanked\":true", "\"yanked_reason\":\"bad\"");
    }

    @Test
    void aDocumentOfWhichNoReleaseIsLeftIsNone() throws Exception {
        Withdrawn all = WithdrawnTest.of("demo==1.0", "demo==2.0", "demo==3.0rc1", "demo==3.0");

        assertThatThrownBy(() -> Withholding.fromDocument(read(DOCUMENT), "demo", all))
                .isInstanceOf(WithheldException.class)
                .hasMessage("tombstone on demo==3.0: malware");
    }

    @Test
    void aFileLeavesEveryListOfTheDocument() throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("demo-3.0.tar.gz"));

        assertThat(written(root)).doesNotContain("demo-3.0.tar.gz").contains("\"3.0\":[]", "\"urls\":[]");
    }

    @Test
    void aDocumentOfAnotherProjectStaysAsItWas() throws Exception {
        ObjectNode root = read(DOCUMENT);

        Withholding.fromDocument(root, "demo", WithdrawnTest.of("other", "other==3.0", "other-3.0.tar.gz"));

        assertThat(root).isEqualTo(read(DOCUMENT));
    }

    @Test
    void anHtmlPageLosesTheLinkAndNothingElse() {
        String html = """
                <!DOCTYPE html>
                <!-- <a href="demo-1.0.tar.gz">demo-1.0.tar.gz</a> was here -->
                <body>
                <a href="../../packages/aa/demo-1.0.tar.gz#sha256=ab" data-requires-python="&gt;=3">demo-1.0.tar.gz</a><br/>
                    <a href="../../packages/bb/demo-2.0.tar.gz#sha256=cd">demo-2.0.tar.gz</a><br />
                </body>
                </html>
                <!--SERIAL 7-->
                """;
        String link = "    <a href=\"../../packages/bb/demo-2.0.tar.gz#sha256=cd\">demo-2.0.tar.gz</a><br />\n";

        assertThat(Withholding.fromPage(html, "demo", WithdrawnTest.of("demo==2.0")))
                .isEqualTo(html.replace(link, ""));
        assertThat(Withholding.fromPage(html, "demo", WithdrawnTest.of("demo==3.0")))
                .isSameAs(html);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href='x/demo-1.0.tar.gz'>archive</a>",
                "<A HREF=x/demo-1.0.tar.gz#sha256=ab>archive</A >",
                "<a href=\"x/demo%2D1.0.tar.gz?y\">archive</a>",
                "<a href=\"x/&#100;emo-1.0.tar.gz\">archive</a>",
                "<a data-yanked=\"> <a \" href=\"x/demo-1.0.tar.gz\">archive</a>",
                "<a href=\"https://elsewhere.example\">demo-1.0.tar.gz</a>",
                "<a href=\"x/demo-1.0.tar.gz\"><b>archive</b></a>",
                "<a href=\"x\"><b>demo-1.0.tar.gz</b></a>",
                "<a title=\"href='x'\" href=\"x/demo-1&period;0.tar.gz\">archive</a>"
            })
    void aLinkIsFoundHoweverItIsWritten(String link) {
        String html = "<p>before" + link + "<br>after<a href=\"x/demo-2.0.tar.gz\">demo-2.0.tar.gz</a></p>";

        assertThat(Withholding.fromPage(html, "demo", WithdrawnTest.of("demo-1.0.tar.gz")))
                .isEqualTo("<p>beforeafter<a href=\"x/demo-2.0.tar.gz\">demo-2.0.tar.gz</a></p>");
    }

    @Test
    void aLinkWithoutEndTagTakesNothingOfTheNextWithIt() {
        String html = "<a href=\"demo-1.0.zip\">demo-1.0.zip <a href=\"demo-2.0.zip\">demo-2.0.zip</a>";

        assertThat(Withholding.fromPage(html, "demo", WithdrawnTest.of("demo==1.0")))
                .isEqualTo("<a href=\"demo-2.0.zip\">demo-2.0.zip</a>");
    }

    @Test
    void aProjectLeavesAnHtmlList() {
        String html =
                "<body>\n<a href=\"/simple/demo-lib/\">Demo_Lib</a><br/>\n<a href=\"/simple/demo/\">demo</a>\n</body>";

        assertThat(Withholding.fromList(html, WithdrawnTest.of("demo-lib", "demo==1.0")))
                .isEqualTo("<body>\n<a href=\"/simple/demo/\">demo</a>\n</body>");
    }
}
