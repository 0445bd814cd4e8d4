package dev.detour.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoPageTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final DemoPackages packages = new DemoPackages();
    private final DemoProject library = packages.project("demolib").orElseThrow();

    @Test
    void projectPageHasTheKeysOfApiVersionOneFourInOrder() {
        JsonNode page = JSON.readTree(DemoPage.projectJson(library));

        assertThat(page.propertyNames()).containsExactly("files", "meta", "name", "project-status", "versions");
        assertThat(page.get("meta")).hasToString("{\"_last-serial\":31000109,\"api-version\":\"1.4\"}");
        assertThat(page.get("project-status")).hasToString("{\"status\":\"active\"}");
        assertThat(page.get("name").asString()).isEqualTo("demolib");
        assertThat(page.get("versions")).hasToString("[\"1.0.0\",\"1.1.0\",\"1.2.0\",\"2.0.0\"]");
        for (JsonNode file : page.get("files")) {
            assertThat(file.propertyNames())
                    .containsExactly(
                            "core-metadata",
                            "data-dist-info-metadata",
                            "filename",
                            "hashes",
                            "provenance",
                            "requires-python",
                            "size",
                            "upload-time",
                            "url",
                            "yanked");
        }
    }

    @Test
    void pageTellsTheTrapsApart() {
        JsonNode files = JSON.readTree(DemoPage.projectJson(library)).get("files");

        assertThat(files.findValuesAsString("filename"))
                .containsExactly(
                        "demolib-1.0.0-py3-none-any.whl",
                        "demolib-1.1.0-py3-none-any.whl",
                        "demolib-1.1.0.tar.gz",
                        "demolib-1.2.0-py3-none-any.whl",
                        "demolib-2.0.0-py3-none-any.whl");
        assertThat(files.findValues("yanked")).hasToString("[false, false, false, \"breaks demoapp\", false]");
        assertThat(files.findValuesAsString("requires-python"))
                .containsExactly(">=3.7", ">=3.7", ">=3.7", ">=3.7", ">=99");
        assertThat(files.get(2).get("core-metadata").isBoolean()).isTrue();
        assertThat(files.get(0).get("upload-time").asString()).isEqualTo("2026-01-12T09:00:00.654321Z");
        assertThat(files.get(3).get("upload-time").asString()).isEqualTo("2026-03-03T13:37:00.000000Z");
    }

    @Test
    void pageGivesHashesAndSizesOfWhatIsServed() {
        for (JsonNode file : JSON.readTree(DemoPage.projectJson(library)).get("files")) {
            String path = file.get("url").asString().substring("../../".length());
            byte[] served = packages.file(path).orElseThrow();

            assertThat(file.get("hashes").get("sha256").asString()).isEqualTo(Digests.hex("SHA-256", served));
            assertThat(file.get("size").asInt()).isEqualTo(served.length);
            if (file.get("core-metadata").isObject()) {
                byte[] metadata = packages.file(path + ".metadata").orElseThrow();
                assertThat(file.get("core-metadata").get("sha256").asString())
                        .isEqualTo(Digests.hex("SHA-256", metadata));
                assertThat(file.get("data-dist-info-metadata")).isEqualTo(file.get("core-metadata"));
            }
        }
    }

    @Test
    void jsonIsCompactSortedAndEndsWithANewline() {
        String page = new String(DemoPage.indexJson(packages), UTF_8);

        assertThat(page)
                .isEqualTo("{\"meta\":{\"_last-serial\":31000109,\"api-version\":\"1.4\"},\"projects\":["
                        + "{\"_last-serial\":31000101,\"name\":\"Demo.Tool_Kit\"},"
                        + "{\"_last-serial\":31000105,\"name\":\"demoapp\"},"
                        + "{\"_last-serial\":31000109,\"name\":\"demolib\"}]}\n");
    }

    @Test
    void htmlOfTheIndexHasTheFrozenForm() {
        String page = new String(DemoPage.indexHtml(packages), UTF_8);

        assertThat(page).isEqualTo("""
                <!DOCTYPE html>
                <html lang="en">
                  <head>
                    <meta name="pypi:repository-version" content="1.4">
                    <title>Simple index</title>
                  </head>
                  <body>
                <a href="/simple/demo-tool-kit/">Demo.Tool_Kit</a>
                <a href="/simple/demoapp/">demoapp</a>
                <a href="/simple/demolib/">demolib</a>
                </body>
                </html>""");
    }

    @Test
    void htmlOfAProjectHasTheFrozenForm() {
        String page = new String(DemoPage.projectHtml(library), UTF_8);

        List<String> lines = page.lines().toList();
        DemoFile sdist = library.files().get(2);
        DemoFile yanked = library.files().get(3);
        String metadata = Digests.hex(
                "SHA-256", packages.file(yanked.path() + ".metadata").orElseThrow());
        assertThat(String.join("\n", lines.subList(0, 8))).isEqualTo("""
                <!DOCTYPE html>
                <html lang="en">
                  <head>
                    <meta name="pypi:repository-version" content="1.4">
                <meta name="pypi:project-status" content="active">    <title>Links for demolib</title>
                  </head>
                  <body>
                    <h1>Links for demolib</h1>""");
        assertThat(lines.get(10))
                .isEqualTo("<a href=\"../../" + sdist.path() + "#sha256=" + sdist.sha256()
                        + "\" data-requires-python=\"&gt;=3.7\" >demolib-1.1.0.tar.gz</a><br />");
        assertThat(lines.get(11))
                .isEqualTo("<a href=\"../../" + yanked.path() + "#sha256=" + yanked.sha256()
                        + "\" data-requires-python=\"&gt;=3.7\" data-yanked=\"breaks demoapp\" data-dist-info-metadata=\"sha256="
                        + metadata
                        + "\" data-core-metadata=\"sha256=" + metadata + "\">demolib-1.2.0-py3-none-any.whl</a><br />");
        assertThat(page).endsWith("</a><br />\n</body>\n</html>\n<!--SERIAL 31000109-->");
    }
}
