package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplePagesTest {
    private static final String DIGEST = "packages/aa/bb/cc/";
    private static final String HTML = "<!DOCTYPE html>\n<html><body>\n<a href=\"../../packages/x.whl#sha256=ab\""
            + " data-yanked=\"from &lt;html&gt;\">demo-1.0-py3-none-any.whl</a><br/>\n</body></html>\n<!--SERIAL 41-->";

    @TempDir
    Path root;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo", "Zope.Interface", "long");
    }

    private static String golden(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(SimplePagesTest.class.getResourceAsStream("/golden/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String wheel(String url, String more) {
        return Tree.page("demo", Tree.file("demo-1.0-py3-none-any.whl", url, more));
    }

    @ParameterizedTest
    @ValueSource(strings = {"archived", "plain", "yanked", "unknown-keys", "version-order", "quarantined", "empty"})
    void canonicalPageIsSentUnchangedInBothForms(String project) throws Exception {
        tree.write("simple/" + project + "/index.v1_json", golden(project + ".json"));

        assertThat(tree.json(project)).isEqualTo(golden(project + ".json"));
        assertThat(tree.html(project)).isEqualTo(golden(project + ".html"));
    }

    @Test
    void hashIndexLayoutIsServedToo() throws Exception {
        tree.write("simple/p/plain/index.v1_json", golden("plain.json"));

        assertThat(tree.html("plain")).isEqualTo(golden("plain.html"));
    }

    @Test
    void canonicalPageStaysUnchangedIfTheTreeHoldsItsProvenance() throws Exception {
        tree.write("simple/everything/index.v1_json", golden("everything.json"));
        tree.write("integrity/everything/2.0/everything-2.0-py3-none-any.whl/provenance", "{}");

        assertThat(tree.json("everything")).isEqualTo(golden("everything.json"));
        assertThat(tree.html("everything")).isEqualTo(golden("everything.html"));
    }

    @Test
    void newerOfTwoLayoutsIsServed() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("old", ""));
        tree.write("simple/d/demo/index.v1_json", wheel("new", ""));
        tree.touch("simple/demo/index.v1_json", Tree.TAKEN.minusSeconds(9));
        tree.touch("simple/d/demo/index.v1_json", Tree.TAKEN);

        assertThat(tree.json("demo")).contains("\"url\":\"new\"");
    }

    @Test
    void serialBecomesANumber() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ""));

        assertThat(tree.json("demo")).contains("\"_last-serial\":42,");
        assertThat(tree.found(new MirrorResource.SimpleProject("demo"), null).headers())
                .containsEntry("X-PyPI-Last-Serial", "42");
    }

    @Test
    void emptyTextThatMeansNothingIsRepaired() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ",\"requires-python\":\"\",\"upload-time\":\"\""));

        assertThat(tree.json("demo")).contains("\"requires-python\":null").doesNotContain("upload-time");
    }

    @Test
    void metadataOfAnotherHostStaysAndGetsItsAlias() throws Exception {
        tree.write(
                "simple/demo/index.v1_json",
                wheel("https://files.example.org/" + DIGEST + "x.whl", ",\"core-metadata\":{\"sha256\":\"cd\"}"));

        assertThat(tree.json("demo"))
                .contains("\"core-metadata\":{\"sha256\":\"cd\"},\"data-dist-info-metadata\":{\"sha256\":\"cd\"}");
    }

    @Test
    void withdrawnMetadataKeyIsNeverSent() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("https://f.example.org/x.whl", ",\"dist-info-metadata\":true"));

        assertThat(tree.json("demo"))
                .contains("\"core-metadata\":true,\"data-dist-info-metadata\":true")
                .doesNotContain("\"dist-info-metadata\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../packages/aa/bb/cc/x%2B1.whl",
                "/packages/aa/bb/cc/x+1.whl",
                "/pypi/packages/aa/bb/cc/x+1.whl?v=1#sha256=ab"
            })
    void metadataInTheTreeIsAdvertisedOnlyIfItIsThere(String url) throws Exception {
        tree.write("simple/demo/index.v1_json", wheel(url, ",\"core-metadata\":{\"sha256\":\"cd\"}"));
        String without = tree.json("demo");
        String htmlWithout = tree.html("demo");
        tree.write(DIGEST + "x+1.whl.metadata", "Name: demo\n");
        tree.wait(Duration.ofMinutes(2));

        assertThat(without).contains("\"core-metadata\":false,\"data-dist-info-metadata\":false");
        assertThat(htmlWithout).contains("demo-1.0-py3-none-any.whl").doesNotContain("metadata=");
        assertThat(tree.json("demo")).contains("\"core-metadata\":{\"sha256\":\"cd\"}");
        assertThat(tree.html("demo")).contains("data-core-metadata=\"sha256=cd\"");
    }

    @Test
    void provenanceIsAdvertisedOnlyIfTheTreeHoldsIt() throws Exception {
        String url = "https://index.example.org/integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance";
        tree.write(
                "simple/demo/index.v1_json", wheel("https://f.example.org/x.whl", ",\"provenance\":\"" + url + "\""));
        String without = tree.json("demo");
        tree.write("integrity/demo/1.0/demo-1.0-py3-none-any.whl/provenance", "{\"version\":1}");
        tree.wait(Duration.ofMinutes(2));

        assertThat(without).contains("\"provenance\":null");
        assertThat(tree.json("demo")).contains("\"provenance\":\"" + url + "\"");
        assertThat(Tree.text(tree.get(new MirrorResource.Provenance("Demo", "1.0", "demo-1.0-py3-none-any.whl"))))
                .isEqualTo("{\"version\":1}");
    }

    @Test
    void provenanceHasItsVendorType() throws Exception {
        tree.write("integrity/demo/1.0/f.whl/provenance", "{}");
        MirrorResource provenance = new MirrorResource.Provenance("demo", "1.0", "f.whl");

        assertThat(tree.found(provenance, null).headers())
                .containsEntry("Content-Type", "application/vnd.pypi.integrity.v1+json");
        assertThat(tree.found(provenance, "application/json").headers())
                .containsEntry("Content-Type", "application/json");
    }

    @Test
    void reasonOfAYankComesFromTheJsonDocument() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ",\"yanked\":true"));
        tree.write("simple/demo/index.html", HTML);
        tree.write(
                "json/demo",
                "{\"releases\":{\"1.0\":[{\"filename\":\"demo-1.0-py3-none-any.whl\",\"yanked_reason\":\"bad <x>\"}]}}");

        assertThat(tree.json("demo")).contains("\"yanked\":\"bad <x>\"");
        assertThat(tree.html("demo")).contains("data-yanked=\"bad &lt;x&gt;\"");
    }

    @Test
    void reasonOfAYankComesFromTheHtmlPageOtherwise() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ",\"yanked\":true"));
        tree.write("simple/demo/index.html", HTML);
        tree.write("json/demo", "broken");

        assertThat(tree.json("demo")).contains("\"yanked\":\"from <html>\"");
    }

    @Test
    void yankWithoutAReasonStaysAYank() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ",\"yanked\":true"));

        assertThat(tree.json("demo")).contains("\"yanked\":true");
        assertThat(tree.html("demo")).contains("data-yanked=\"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/vnd.pypi.simple.v1+html", Tree.JSON})
    void htmlAloneIsServedAsItIsToEverybody(String accept) throws Exception {
        tree.write("simple/demo/index.html", HTML);

        MirrorAnswer.Found answer = tree.found(new MirrorResource.SimpleProject("demo"), accept);

        assertThat(Tree.text(answer)).isEqualTo(HTML);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "text/html")
                .containsEntry("X-PyPI-Last-Serial", "41");
    }

    @Test
    void formatParameterWinsOverAccept() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ""));

        MirrorAnswer answer = tree.mirror.answer(new MirrorRequest(
                new MirrorResource.SimpleProject("demo"), false, "text/html", Tree.JSON, null, null, null, null));

        assertThat(Tree.found(answer).headers()).containsEntry("Content-Type", Tree.JSON);
    }

    @Test
    void pageHasTheHeadersOfTheIndexAndOfAMirror() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ""));
        tree.touch("simple/demo/index.v1_json", Tree.TAKEN);

        MirrorAnswer.Found answer = tree.found(new MirrorResource.SimpleProject("demo"), "text/html");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "text/html")
                .containsEntry("Vary", "Accept")
                .containsEntry("Cache-Control", "no-cache")
                .containsEntry("Age", "60")
                .containsEntry("Last-Modified", "Wed, 04 Mar 2026 05:06:07 GMT")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Access-Control-Allow-Methods", "GET")
                .containsEntry("Access-Control-Max-Age", "86400")
                .containsEntry("Access-Control-Expose-Headers", "X-PyPI-Last-Serial")
                .containsEntry(
                        "Access-Control-Allow-Headers",
                        "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since")
                .hasEntrySatisfying("ETag", tag -> assertThat(tag).matches("\"detour-m-[A-Za-z0-9_-]{24}\""));
    }

    @Test
    void formsHaveDifferentTags() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ""));
        MirrorResource demo = new MirrorResource.SimpleProject("demo");

        assertThat(tree.found(demo, "text/html").headers().get("ETag"))
                .isNotEqualTo(tree.found(demo, Tree.JSON).headers().get("ETag"))
                .isNotEqualTo(tree.found(demo, "application/vnd.pypi.simple.v1+html")
                        .headers()
                        .get("ETag"));
    }

    @Test
    void changedPageIsSeenAfterASecondAndNotBefore() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("before", ""));
        String first = tree.json("demo");
        tree.write("simple/demo/index.v1_json", wheel("after-it", ""));
        String atOnce = tree.json("demo");
        tree.wait(Duration.ofSeconds(1));

        assertThat(first).contains("before");
        assertThat(atOnce).isEqualTo(first);
        assertThat(tree.json("demo")).contains("after-it");
    }

    @Test
    void documentThatAppearsLaterIsSeen() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ",\"yanked\":true"));
        tree.json("demo");
        tree.write("simple/demo/index.html", HTML);
        tree.wait(Duration.ofSeconds(1));

        assertThat(tree.json("demo")).contains("from <html>");
    }

    @Test
    void projectListIsServedInBothForms() {
        MirrorResource index = new MirrorResource.SimpleIndex();

        assertThat(Tree.text(tree.get(index, Tree.JSON)))
                .isEqualTo("{\"meta\":{\"_last-serial\":99,\"api-version\":\"1.1\"},\"projects\":[{\"name\":\"demo\"},"
                        + "{\"name\":\"long\"},{\"name\":\"Zope.Interface\"}]}\n");
        assertThat(Tree.text(tree.get(index))).contains("<a href=\"/simple/zope-interface/\">Zope.Interface</a>\n");
    }

    @ParameterizedTest
    @CsvSource({"Zope.Interface,zope-interface", "zope_interface,zope-interface", "DEMO,demo"})
    void otherSpellingIsRedirectedOnceAndNotForEver(String spelled, String normalised) {
        MirrorAnswer.Found answer = tree.found(new MirrorResource.SimpleProject(spelled), null);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.contentLength()).isZero();
        assertThat(answer.headers())
                .containsEntry("Location", "../" + normalised + "/")
                .containsEntry("Access-Control-Allow-Origin", "*");
    }

    @Test
    void redirectKeepsTheFormatAndNothingElseOfItGetsIn() {
        MirrorAnswer answer = tree.mirror.answer(new MirrorRequest(
                new MirrorResource.SimpleProject("Demo"), false, null, "a+b c\r\nX: y", null, null, null, null));

        assertThat(Tree.found(answer).headers()).containsEntry("Location", "../demo/?format=a%2Bb%20c%0D%0AX%3A%20y");
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        tree.write("simple/demo/index.v1_json", wheel("u", ""));
        MirrorResource demo = new MirrorResource.SimpleProject("demo");
        MirrorAnswer.Found get = tree.found(demo, null);

        MirrorAnswer.Found head =
                Tree.found(tree.mirror.answer(new MirrorRequest(demo, true, null, null, null, null, null, null)));

        assertThat(head.body()).isEqualTo(new MirrorAnswer.Body.None());
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(head.contentLength()).isEqualTo(Tree.text(get).length());
    }
}
