package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.page.CanonicalJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JsonDocumentsTest {
    private static final String METADATA = "packages/aa/bb/cc/Demo-1.0-py3-none-any.whl.metadata";
    private static final String DOCUMENT = """
            {
                "info": {"name": "Demo", "version": "2.0", "requires_python": ">=3.12", "requires_dist": ["new>=2"],
                    "provides_extra": ["new"], "summary": "é", "package_url": "https://index.example.org/project/Demo/",
                    "release_url": "https://index.example.org/project/Demo/2.0/", "yanked": false, "yanked_reason": null},
                "last_serial": 77,
                "ownership": {"roles": []},
                "releases": {
                    "0.9": [],
                    "1.0": [
                        {"filename": "Demo-1.0.tar.gz", "packagetype": "sdist", "requires_python": "", "yanked": true,
                            "yanked_reason": null, "url": "https://files.example.org/packages/aa/bb/dd/Demo-1.0.tar.gz"},
                        {"filename": "Demo-1.0-py3-none-any.whl", "requires_python": ">=2.7", "yanked": true,
                            "yanked_reason": "broken",
                            "url": "https://files.example.org/packages/aa/bb/cc/Demo-1.0-py3-none-any.whl"}],
                    "2.0": [{"filename": "Demo-2.0-py3-none-any.whl", "requires_python": ">=3.12", "yanked": false,
                        "url": "https://files.example.org/packages/aa/bb/ee/Demo-2.0-py3-none-any.whl"}]
                },
                "urls": [{"filename": "Demo-2.0-py3-none-any.whl", "yanked": false}],
                "vulnerabilities": [{"id": "PYSEC-1"}]
            }
            """;

    @TempDir
    Path root;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo");
        tree.write("json/demo", DOCUMENT);
    }

    private ObjectNode release(String version) {
        String text = Tree.text(tree.get(new MirrorResource.JsonRelease("Demo", version)));
        return CanonicalJson.readObject(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode info(ObjectNode release, String key) {
        return release.required("info").required(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "Demo", "DEMO", "dEmO"})
    void documentIsServedForEverySpelling(String name) {
        MirrorAnswer.Found answer = tree.found(new MirrorResource.JsonProject(name), null);

        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("X-PyPI-Last-Serial", "77")
                .containsEntry("Access-Control-Expose-Headers", "X-PyPI-Last-Serial")
                .doesNotContainKey("Vary");
        assertThat(Tree.text(answer))
                .startsWith("{\"info\":{\"name\":\"Demo\"")
                .contains("\"summary\":\"é\"")
                .endsWith("}\n");
    }

    @Test
    void copyBelowPypiIsPreferred() throws Exception {
        tree.write("pypi/demo/json", DOCUMENT.replace("77", "78"));

        assertThat(tree.found(new MirrorResource.JsonProject("demo"), null).headers())
                .containsEntry("X-PyPI-Last-Serial", "78");
    }

    @Test
    void latestReleaseKeepsItsInfo() {
        ObjectNode release = release("2.0");

        assertThat(info(release, "requires_dist").toString()).isEqualTo("[\"new>=2\"]");
        assertThat(release.required("vulnerabilities").toString()).isEqualTo("[{\"id\":\"PYSEC-1\"}]");
        assertThat(release.required("urls").toString())
                .contains("Demo-2.0-py3-none-any.whl")
                .contains("packages/aa/bb/ee");
        assertThat(release.has("releases")).isFalse();
        assertThat(release.required("last_serial").intValue()).isEqualTo(77);
    }

    @Test
    void otherReleaseHasNothingOfTheLatest() {
        ObjectNode release = release("1.0");

        assertThat(info(release, "version").stringValue()).isEqualTo("1.0");
        assertThat(info(release, "requires_python").stringValue()).isEqualTo(">=2.7");
        assertThat(info(release, "requires_dist").isNull()).isTrue();
        assertThat(info(release, "provides_extra").isNull()).isTrue();
        assertThat(info(release, "yanked").booleanValue()).isTrue();
        assertThat(info(release, "yanked_reason").stringValue()).isEqualTo("broken");
        assertThat(info(release, "release_url").stringValue()).isEqualTo("https://index.example.org/project/Demo/1.0/");
        assertThat(release.required("vulnerabilities").toString()).isEqualTo("[]");
        assertThat(release.required("urls").size()).isEqualTo(2);
        assertThat(release.required("ownership").toString()).isEqualTo("{\"roles\":[]}");
    }

    @Test
    void dependenciesOfAnotherReleaseComeFromItsMetadata() throws Exception {
        tree.write(METADATA, """
                Metadata-Version: 2.1
                Name: Demo
                version: 1.0.0
                Requires-Dist: old<2;
                  extra == 'x'
                Requires-Dist: b
                Provides-Extra: x

                Requires-Dist: description
                """);

        ObjectNode release = release("1.0");

        assertThat(info(release, "requires_dist").toString()).isEqualTo("[\"old<2; extra == 'x'\",\"b\"]");
        assertThat(info(release, "provides_extra").toString()).isEqualTo("[\"x\"]");
    }

    @Test
    void metadataOfAnotherVersionIsNotBelieved() throws Exception {
        tree.write(METADATA, "Name: Demo\nVersion: 1.1\nRequires-Dist: wrong\n");

        assertThat(info(release("1.0"), "requires_dist").isNull()).isTrue();
    }

    @Test
    void metadataThatAppearsLaterIsRead() throws Exception {
        release("1.0");
        tree.write(METADATA, "Version: 1.0\nRequires-Dist: old\n");
        tree.wait(Duration.ofSeconds(1));

        assertThat(info(release("1.0"), "requires_dist").toString()).isEqualTo("[\"old\"]");
    }

    @Test
    void releaseWithoutFilesIsNotYanked() {
        ObjectNode release = release("0.9");

        assertThat(release.required("urls").toString()).isEqualTo("[]");
        assertThat(info(release, "yanked").booleanValue()).isFalse();
        assertThat(info(release, "requires_python").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0.0", "v1", "01.0"})
    void releaseIsFoundByCanonicalVersion(String version) {
        assertThat(info(release(version), "version").stringValue()).isEqualTo("1.0");
    }

    @Test
    void exactTextDecidesBetweenEqualVersions() throws Exception {
        tree.write("json/demo", DOCUMENT.replace("\"0.9\"", "\"1.0.0\""));

        assertThat(info(release("1.0.0"), "version").stringValue()).isEqualTo("1.0.0");
        assertThat(info(release("1.0"), "version").stringValue()).isEqualTo("1.0");
        assertThat(tree.get(new MirrorResource.JsonRelease("demo", "1"))).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.0", "1.0rc1", "nightly", "", "1.0\r\nX"})
    void unknownReleaseOfAKnownProjectMayBeYoungerThanTheCopy(String version) {
        assertThat(tree.get(new MirrorResource.JsonRelease("demo", version)))
                .isInstanceOfSatisfying(
                        MirrorAnswer.Unavailable.class,
                        answer -> assertThat(answer.detail())
                                .contains("not among 3 mirrored")
                                .doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{\"info\":{\"name\":\"other\"},\"releases\":{}}", "{\"info\":{}}"})
    void documentThatIsNoneIsUnavailableAndNamed(String content) throws Exception {
        tree.write("json/demo", content);

        for (MirrorResource resource : new MirrorResource[] {
            new MirrorResource.JsonProject("demo"), new MirrorResource.JsonRelease("demo", "1")
        }) {
            assertThat(tree.get(resource))
                    .isInstanceOfSatisfying(
                            MirrorAnswer.Unavailable.class,
                            answer -> assertThat(answer.detail()).contains("json/demo: "));
        }
    }

    @Test
    void documentWithoutReleasesSaysNothingOfOne() throws Exception {
        tree.write("json/demo", "{\"info\":{\"name\":\"demo\",\"version\":\"1.0\"}}");

        assertThat(tree.get(new MirrorResource.JsonRelease("demo", "2.0")))
                .isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void metadataPromisedForTheTreeItselfIsWithdrawn() throws Exception {
        tree.write(
                "json/demo",
                "{\"info\":{\"name\":\"demo\"},\"releases\":{},\"urls\":[{\"url\":\"/packages/aa/f.whl\","
                        + "\"core-metadata\":{\"sha256\":\"ab\"}}]}");

        assertThat(Tree.text(tree.get(new MirrorResource.JsonProject("demo")))).contains("\"core-metadata\":false");
    }
}
