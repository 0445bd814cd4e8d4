package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class HtmlPageTest {
    private static final URI BASE = URI.create("https://index.example.org/simple/demo/");
    private static final String HEX = "0123456789abcdef".repeat(4);

    /** What the index writes of a file and HTML has no attribute for. */
    private static final Set<String> JSON_ONLY = Set.of("size", "upload-time", "x-future");

    private static ObjectNode read(String html) {
        return HtmlPage.read(html.getBytes(StandardCharsets.UTF_8), "demo", BASE);
    }

    private static ObjectNode page(String body) {
        return read("<!DOCTYPE html><html><head><title>Links for demo</title></head><body>" + body + "</body></html>");
    }

    private static JsonNode onlyFile(String body) {
        ArrayNode files = (ArrayNode) page(body).required("files");
        assertThat(files).hasSize(1);
        return files.required(0);
    }

    static List<String> projects() throws Exception {
        return Golden.projects();
    }

    @ParameterizedTest
    @MethodSource("projects")
    void goldenPageIsReadBackFromItsHtml(String project) {
        ObjectNode expected = CanonicalJson.readObject(Golden.bytes(project + ".json"));
        ArrayNode files = (ArrayNode) expected.required("files");
        files.forEach(file -> ((ObjectNode) file).remove(JSON_ONLY));
        if (!files.isEmpty()) {
            ((ObjectNode) expected.required("meta")).put("api-version", "1.0");
        }
        expected.remove(Set.of("alternate-locations", "namespaces"));

        ProjectPage page = new ProjectPage(HtmlPage.read(Golden.bytes(project + ".html"), project, BASE));

        assertThat(Golden.text(page.json())).isEqualTo(Golden.text(CanonicalJson.write(expected)));
    }

    @Test
    void linkRelativeToThePageBecomesAbsolute() {
        assertThat(onlyFile("<a href=\"../../packages/a/demo-1.zip#sha256=" + HEX + "\">demo-1.zip</a>")
                        .required("url")
                        .stringValue())
                .isEqualTo("https://index.example.org/packages/a/demo-1.zip");
    }

    @ParameterizedTest
    @CsvSource({
        "/f/demo-1.zip,https://index.example.org/f/demo-1.zip",
        "demo-1.zip,https://index.example.org/simple/demo/demo-1.zip",
        "//cdn.example.org/demo-1.zip,https://cdn.example.org/demo-1.zip",
        "../../../../../demo-1.zip?q=1,https://index.example.org/demo-1.zip?q=1",
        "HTTPS://cdn.example.org/a b/demo-1.zip,HTTPS://cdn.example.org/a b/demo-1.zip",
        "a b/100%/[x]/demo-1.zip,https://index.example.org/simple/demo/a%20b/100%25/%5Bx%5D/demo-1.zip",
        "x/demo-1%2B2.zip,https://index.example.org/simple/demo/x/demo-1%2B2.zip"
    })
    void linksAreResolvedAsAClientDoes(String href, String url) {
        assertThat(onlyFile("<a href=\"" + href + "\">demo-1.zip</a>")
                        .required("url")
                        .stringValue())
                .isEqualTo(url);
    }

    @Test
    void baseElementMovesTheLinks() {
        ObjectNode page = read("<html><head><title>Links for demo</title><base href=\"/other/\"></head>"
                + "<body><a href=\"demo-1.zip\">demo-1.zip</a></body></html>");

        assertThat(page.required("files").required(0).required("url").stringValue())
                .isEqualTo("https://index.example.org/other/demo-1.zip");
    }

    @Test
    void attributesAreReadWhateverTheirCaseAndQuotes() {
        JsonNode file = onlyFile("<A HREF='demo-1.zip#SHA256=" + HEX + "' Data-Requires-Python='&gt;=3.8' DATA-YANKED "
                + "data-core-metadata=true data-gpg-sig=true data-provenance='https://p.example.org/x'>demo-1.zip</A>");

        assertThat(file)
                .hasToString(
                        "{\"filename\":\"demo-1.zip\",\"url\":\"https://index.example.org/simple/demo/demo-1.zip\","
                                + "\"hashes\":{\"sha256\":\"" + HEX
                                + "\"},\"requires-python\":\">=3.8\",\"yanked\":true,"
                                + "\"core-metadata\":true,\"data-dist-info-metadata\":true,"
                                + "\"provenance\":\"https://p.example.org/x\",\"gpg-sig\":true}");
    }

    @Test
    void emptyReasonIsAYankWithoutReason() {
        assertThat(onlyFile("<a href=demo-1.zip data-yanked=\"\">demo-1.zip</a>")
                        .required("yanked"))
                .hasToString("true");
    }

    @Test
    void reasonKeepsItsCharacters() {
        assertThat(onlyFile(
                                "<a href=demo-1.zip data-yanked=\"a &lt;b&gt; &amp;amp; &#34;c&#34; it&#39;s päth 修\">demo-1.zip</a>")
                        .required("yanked")
                        .stringValue())
                .isEqualTo("a <b> &amp; \"c\" it's päth 修");
    }

    @ParameterizedTest
    @CsvSource({
        "data-core-metadata=\"sha256=abcd\",{\"sha256\":\"abcd\"}",
        "data-dist-info-metadata=\"sha256=abcd\",{\"sha256\":\"abcd\"}",
        "data-dist-info-metadata=\"true\",true",
        "data-core-metadata=\"false\",false",
        "title=\"x\",false"
    })
    void metadataIsReadUnderBothNames(String attribute, String value) {
        JsonNode file = onlyFile("<a href=demo-1.zip " + attribute + ">demo-1.zip</a>");

        assertThat(file.required("core-metadata")).hasToString(value);
        assertThat(file.required("data-dist-info-metadata")).hasToString(value);
    }

    @Test
    void fragmentThatIsNoHashStaysWithTheLink() {
        JsonNode file = onlyFile("<a href=\"demo-1.zip#md5=" + "0f".repeat(16) + "&egg=demo\">demo-1.zip</a>");

        assertThat(file.required("url").stringValue()).endsWith("demo-1.zip#egg=demo");
        assertThat(file.required("hashes")).hasToString("{\"md5\":\"" + "0f".repeat(16) + "\"}");
    }

    @Test
    void sizesOfAnIndexThatWritesThemKeepItsVersion() {
        ObjectNode page = read("<html><head><meta name='pypi:repository-version' content='1.3'></head><body>"
                + "<a href=demo-1.zip data-size=12 data-upload-time=2024-01-02T03:04:05Z>demo-1.zip</a></body></html>");

        assertThat(page.required("meta")).hasToString("{\"api-version\":\"1.3\"}");
        assertThat(page.required("files").required(0).required("size").longValue())
                .isEqualTo(12);
    }

    @Test
    void statusAndItsReasonAreRead() {
        ObjectNode page = read(
                "<html><head><META NAME='pypi:project-status' CONTENT='archived'>"
                        + "<meta name='pypi:project-status-reason' content='a &lt; b'><title>Links for demo</title></head></html>");

        assertThat(page.required("project-status")).hasToString("{\"status\":\"archived\",\"reason\":\"a < b\"}");
    }

    @Test
    void serialInTheCommentIsRead() {
        assertThat(read("<html><title>Links for demo</title></html>\n<!--SERIAL 25000000000-->")
                        .required("meta")
                        .required("_last-serial")
                        .longValue())
                .isEqualTo(25_000_000_000L);
    }

    @Test
    void devpiPageIsRead() {
        ObjectNode page = read("<!DOCTYPE html><html><head><title>root/pypi: links for demo</title></head><body>"
                + "<h1>root/pypi: links for demo</h1><form action=\"/root/pypi/+simple/demo/refresh\" method=\"post\">"
                + "<input name=\"refresh\" type=\"submit\" value=\"Refresh\"/></form>"
                + "<a href=\"../../+f/0f9/b5d8/demo-1.0.tar.gz#sha256=" + HEX + "\" data-requires-python=\"&lt;4\">"
                + "demo-1.0.tar.gz</a><br/>root/pypi <a href=\"../../+f/0f9/b5d8/demo-1.0.tar.gz#sha256=" + HEX
                + "\" data-requires-python=\"&lt;4\">demo-1.0.tar.gz</a><a href=\"..\">back</a></body></html>");

        assertThat(page.required("files")).hasSize(1);
        assertThat(page.required("files").required(0).required("url").stringValue())
                .isEqualTo("https://index.example.org/+f/0f9/b5d8/demo-1.0.tar.gz");
    }

    @Test
    void pageWithoutAnyMarkIsKnownByTheFilesOfItsProject() {
        ObjectNode page =
                read("<html><body><a href=\"/packages/demo-1.0.tar.gz#md5=" + "0f".repeat(16) + "\">demo 1.0</a>"
                        + "<a href=/packages/other-1.0.zip>other-1.0.zip</a><a href=/about>about</a></body></html>");

        assertThat(page.required("files").findValuesAsString("filename")).containsExactly("demo-1.0.tar.gz");
    }

    @Test
    void targetWithoutANameHasTheOneOfItsText() {
        assertThat(onlyFile("<a href=\"/get?id=7\">demo-1.0.zip</a>")
                        .required("filename")
                        .stringValue())
                .isEqualTo("demo-1.0.zip");
    }

    @Test
    void filesOfTomorrowAreReadAndWhatStandsBesideAFileIsNot() {
        assertThat(page("<a href=demo-1-variants.json>demo-1-variants.json</a><a href=demo-1.zip.asc>demo-1.zip.asc</a>"
                                + "<a href=demo-1.whl.metadata>demo-1.whl.metadata</a><a href=mailto:a@b.zip>a@b.zip</a>")
                        .required("files")
                        .findValuesAsString("filename"))
                .containsExactly("demo-1-variants.json");
    }

    @Test
    void twoFilesOfOneNameStayForTheCheckToReport() {
        assertThat(page("<a href=a/demo-1.zip>demo-1.zip</a><a href=b/demo-1.zip>demo-1.zip</a>")
                        .required("files"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html><head><title>Links for demo</title></head><body><a href=demo-1.zip>demo-1.zip</a>",
                "<html><title>Links for demo</title></html> <!-- cut",
                "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
                "<html><body><h1>Service unavailable</h1><a href=/status>status</a></body></html>",
                "<html><head><title>Index of /simple/demo/</title></head><body>"
                        + "<a href=index.html>index.html</a><a href=index.v1_json>index.v1_json</a></body></html>",
                "<html><body><form><input type=password></form><a href=demo-1.zip>demo-1.zip</a></body></html>",
                "<html><head><title>Links for other</title></head></html>",
                "<html><meta name=pypi:repository-version content=2.0><title>Links for demo</title></html>"
            })
    void whatIsNoSimplePageOfTheProjectIsRefused(String html) {
        assertThatThrownBy(() -> read(html)).isInstanceOf(PageFormatException.class);
    }

    @Test
    void refusalSaysWhatCameInstead() {
        assertThatThrownBy(() -> read("<html><head><title>502 Bad Gateway</title></head><body></body></html>"))
                .hasMessage("the page '502 Bad Gateway' is no Simple page (expected: pypi:repository-version, or "
                        + "'Links for demo', or links to files of demo)");
    }
}
