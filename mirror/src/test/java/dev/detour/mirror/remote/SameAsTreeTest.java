package dev.detour.mirror.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SameAsTreeTest {
    private static final List<String> GOLDEN = List.of(
            "archived",
            "plain",
            "yanked",
            "unknown-keys",
            "version-order",
            "quarantined",
            "empty",
            "everything",
            "long");
    private static final String WHEEL = "demo-1.0-py3-none-any.whl";
    private static final String OLD_WHEEL = "demo-0.9-py3-none-any.whl";

    @TempDir
    Path root;

    Site site;

    @BeforeEach
    void startSite() throws IOException {
        site = new Site(root, "archived", "demo", "Listed.Only", "old-style", "plain");
        fill("");
        site.remote.refresh();
    }

    @AfterEach
    void stopSite() {
        site.close();
    }

    /** Everything a tree can hold. */
    private void fill(String letter) throws IOException {
        for (String project : GOLDEN) {
            site.write(page(letter, project) + "/index.v1_json", Site.golden(project + ".json"));
        }
        site.write(
                page(letter, "demo") + "/index.v1_json",
                "{\"files\": [" + file(OLD_WHEEL, "aa/bb/c0/" + OLD_WHEEL, ",\"yanked\": true") + ","
                        + file(WHEEL, "aa/bb/cc/" + WHEEL, ",\"core-metadata\": {\"sha256\": \"ab\"}") + ","
                        + file("demo-1.0.tar.gz", "aa/bb/dd/demo-1.0.tar.gz", ",\"core-metadata\": true")
                        + "], \"meta\": {\"_last-serial\": \"42\", \"api-version\": \"1.1\"}, \"name\": \"Demo\","
                        + " \"versions\": [\"0.9\", \"1.0\"]}");
        site.write(
                page(letter, "old-style") + "/index.html",
                "<!DOCTYPE html>\n<html><head><title>Links for old-style</title></head><body>\n<a href=\""
                        + "../../packages/x.whl\">x.whl</a><br/>\n</body></html>\n<!--SERIAL 41-->");
        site.write(
                "pypi/demo/json",
                "{\"info\":{\"name\":\"Demo\",\"version\":\"1.0\",\"requires_dist\":[\"x\"],\"package_url\":"
                        + "\"https://e.org/project/demo/\"},\"last_serial\":42,\"releases\":{\"0.9\":[{\"filename\":\""
                        + OLD_WHEEL + "\",\"yanked\":true,\"yanked_reason\":\"bro<ken> \u00e9\",\"url\":"
                        + "\"https://f.org/packages/aa/bb/c0/" + OLD_WHEEL + "\"}],\"1.0\":[]},\"urls\":[]}");
        site.write("packages/aa/bb/cc/" + WHEEL, "wheel");
        site.write("packages/aa/bb/cc/" + WHEEL + ".metadata", "Metadata-Version: 2.1\nVersion: 1.0\n");
        site.write(
                "packages/aa/bb/c0/" + OLD_WHEEL + ".metadata",
                "Metadata-Version: 2.1\nVersion: 0.9\nRequires-Dist: y (>1)\n");
        site.write("integrity/everything/2.0/everything-2.0-py3-none-any.whl/provenance", "{\"version\":1}");
        site.write("integrity/demo/1.0/" + WHEEL + "/provenance", "{\"version\":1}");
    }

    private static String page(String letter, String project) {
        return "simple/" + (letter.isEmpty() ? "" : project.charAt(0) + "/") + project;
    }

    private static String file(String filename, String path, String more) {
        return "{\"filename\": \"" + filename + "\", \"hashes\": {\"sha256\": \"ab\"}, \"requires-python\": \"\","
                + " \"url\": \"../../packages/" + path + "\"" + more + "}";
    }

    static List<MirrorResource> everyResource() {
        List<MirrorResource> resources = new ArrayList<>();
        resources.add(new MirrorResource.SimpleIndex());
        for (String name : GOLDEN) {
            resources.add(new MirrorResource.SimpleProject(name));
        }
        for (String name : List.of(
                "demo",
                "Demo",
                "De_Mo",
                "listed-only",
                "Listed.Only",
                "old-style",
                "Old_Style",
                "unknown",
                "Un.Known",
                "../x",
                "",
                "\u00e4",
                "a b")) {
            resources.add(new MirrorResource.SimpleProject(name));
            resources.add(new MirrorResource.JsonProject(name));
            resources.add(new MirrorResource.JsonRelease(name, "1.0"));
            resources.add(new MirrorResource.JsonRelease(name, "0.9.0"));
            resources.add(new MirrorResource.JsonRelease(name, "7"));
            resources.add(new MirrorResource.Provenance(name, "1.0", WHEEL));
        }
        resources.add(new MirrorResource.Provenance("everything", "2.0", "everything-2.0-py3-none-any.whl"));
        resources.add(new MirrorResource.Provenance("demo", "../..", "..\\x"));
        resources.add(new MirrorResource.File("aa/bb/ee/missing.whl"));
        resources.add(new MirrorResource.File("../last-modified"));
        resources.add(new MirrorResource.File("aa/bb/cc/" + WHEEL + ".abcd1234"));
        return resources;
    }

    private void assertSame(MirrorRequest request) {
        MirrorAnswer near = site.local.answer(request);
        MirrorAnswer far = site.remote.answer(request);

        assertThat(far.getClass()).as("%s: %s", request, far).isEqualTo(near.getClass());
        if (near instanceof MirrorAnswer.Found expected && far instanceof MirrorAnswer.Found found) {
            assertThat(found.status()).isEqualTo(expected.status());
            assertThat(found.headers()).isEqualTo(expected.headers());
            assertThat(found.contentLength()).isEqualTo(expected.contentLength());
            assertThat(Site.text(found)).isEqualTo(Site.text(expected));
        } else {
            assertThat(far).isEqualTo(near);
        }
    }

    @ParameterizedTest
    @MethodSource("everyResource")
    void everyAnswerIsThatOfTheTree(MirrorResource resource) {
        for (@Nullable String accept : Arrays.asList(null, Site.JSON, "text/html", "application/vnd.pypi.simple.v1+html")) {
            assertSame(Site.request(resource, accept));
        }
        assertSame(new MirrorRequest(resource, true, Site.JSON, null, null, null, null, null));
        assertSame(new MirrorRequest(resource, false, null, Site.JSON, null, null, null, null));
        assertSame(new MirrorRequest(resource, false, null, null, null, "Wed, 04 Mar 2026 05:06:07 GMT", null, null));
    }

    @Test
    void goldenPageIsByteForByteTheIndexs() throws Exception {
        for (String project : List.of("archived", "plain", "yanked", "unknown-keys", "version-order", "empty")) {
            assertThat(site.json(project)).isEqualTo(Site.golden(project + ".json"));
        }
    }

    @Test
    void tagOfAPageIsThatOfTheTreeSoThatBothAreOneToAClient() {
        MirrorResource page = new MirrorResource.SimpleProject("demo");
        Map<String, String> headers =
                Site.found(site.local.answer(Site.request(page, null))).headers();

        MirrorAnswer again =
                site.remote.answer(new MirrorRequest(page, false, null, null, headers.get("ETag"), null, null, null));

        assertThat(Site.found(again).status()).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "plain", "old-style", "unknown", "listed-only"})
    void treeByFirstLetterIsAnsweredFromTheSame(String project, @TempDir Path other) throws Exception {
        site.close();
        site = new Site(other, "archived", "demo", "Listed.Only", "old-style", "plain");
        fill("letter");
        site.remote.refresh();

        assertSame(Site.request(new MirrorResource.SimpleProject(project), Site.JSON));
        assertSame(Site.request(new MirrorResource.JsonProject(project), null));
    }

    @Test
    void statusIsThatOfTheTree() {
        assertThat(site.remote.status()).isEqualTo(site.local.status());
    }
}
