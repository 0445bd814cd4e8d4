package dev.detour.mirror.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoredFile;
import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstones;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
    @TempDir
    private Path directory = Path.of("");

    private Path out;
    private Copy copy;

    @BeforeEach
    void open() throws StoreException {
        copy = new Copy(directory.resolve("store"));
        out = directory.resolve("out");
    }

    @AfterEach
    void close() throws StoreException {
        copy.close();
    }

    private void put(String... projects) throws StoreException {
        for (String project : projects) {
            copy.put(project, 7, Copy.page(project, 7), Origin.SYNC);
        }
        copy.store.seal(Copy.TAKEN);
    }

    private static Path golden() throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(ExportTest.class.getResource("/golden")).toURI());
    }

    @Test
    void aMirrorOfTheTreeAnswersAsTheStoreDoes() throws Exception {
        List<String> projects;
        try (Stream<Path> files = Files.list(golden())) {
            projects = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                    .map(name -> name.substring(0, name.length() - 5))
                    .toList();
        }
        for (String project : projects) {
            copy.put(project, 7, Files.readAllBytes(golden().resolve(project + ".json")), Origin.SYNC);
        }
        copy.store.seal(Copy.TAKEN);

        copy.export(out, false);

        Mirror tree = Copy.tree(out.resolve("web"));
        assertThat(projects).hasSizeGreaterThan(5);
        for (String accept : List.of(Copy.JSON, "text/html", "application/vnd.pypi.simple.v1+html")) {
            for (String project : projects) {
                MirrorResource page = new MirrorResource.SimpleProject(project);
                assertThat(Copy.text(tree, page, accept)).isEqualTo(Copy.text(copy.mirror(), page, accept));
            }
            MirrorResource list = new MirrorResource.SimpleIndex();
            assertThat(Copy.text(tree, list, accept)).isEqualTo(Copy.text(copy.mirror(), list, accept));
        }
    }

    @Test
    void theTreeHasTheNamesThatWebServersAreSetUpFor() throws Exception {
        put("foo");
        try (Change change = copy.store.change()) {
            change.document("foo", "{\"info\":{\"name\":\"foo\"},\"last_serial\":7}\n".getBytes(StandardCharsets.UTF_8))
                    .commit();
        }
        copy.store.seal(Copy.TAKEN);

        copy.export(out, false);

        assertThat(tree())
                .containsExactlyInAnyOrder(
                        ".detour-export",
                        "generation",
                        "status",
                        "web/last-modified",
                        "web/simple/index.html",
                        "web/simple/index.v1_html",
                        "web/simple/index.v1_json",
                        "web/simple/foo/index.html",
                        "web/simple/foo/index.v1_html",
                        "web/simple/foo/index.v1_json",
                        "web/json/foo",
                        "web/pypi/foo/json");
        assertThat(out.resolve("status")).hasContent("7");
        assertThat(out.resolve("generation")).hasContent("5");
        assertThat(out.resolve("web/last-modified")).hasContent("20260304T05:06:07\n");
        assertThat(out.resolve("web/pypi/foo/json")).hasContent("{\"info\":{\"name\":\"foo\"},\"last_serial\":7}\n");
    }

    private List<String> tree() throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> out.relativize(file).toString())
                    .toList();
        }
    }

    private Object inode(String file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(out.resolve(file), BasicFileAttributes.class);
        return Objects.requireNonNull(attributes.fileKey()) + " " + attributes.lastModifiedTime();
    }

    @Test
    void whatDidNotChangeIsNotTouched() throws Exception {
        put("bar", "foo");
        copy.export(out, false);
        Object before = inode("web/simple/foo/index.v1_json");
        Object changed = inode("web/simple/bar/index.v1_json");
        copy.put("bar", 8, Copy.page("bar", 8), Origin.SYNC);
        copy.store.seal(Copy.TAKEN);

        ExportReport report = copy.export(out, false);

        assertThat(inode("web/simple/foo/index.v1_json")).isEqualTo(before);
        assertThat(inode("web/simple/bar/index.v1_json")).isNotEqualTo(changed);
        assertThat(out.resolve("web/simple/bar/index.v1_html")).content().contains("SERIAL 8");
        assertThat(out.resolve("web/simple/bar/index.html")).content().contains("SERIAL 8");
        assertThat(report.removed()).isZero();
    }

    @Test
    void whatIsGoneGoes() throws Exception {
        put("bar", "foo");
        copy.export(out, false);
        Copy.write(out.resolve("web/simple/foo/.detour-1-1"), "left behind");
        try (Change change = copy.store.change()) {
            change.remove("bar").commit();
        }
        copy.store.seal(Copy.TAKEN);

        copy.export(out, false);

        assertThat(tree()).noneMatch(file -> file.contains("bar") || file.contains(".detour-1"));
        assertThat(out.resolve("web/simple/bar")).doesNotExist();
        assertThat(out.resolve("web/simple/index.v1_json")).content().doesNotContain("bar");
    }

    @Test
    void pagesByFirstLetterAreServedToo() throws Exception {
        put("foo", "f");

        copy.export(out, true);
        copy.export(out, true);

        assertThat(tree())
                .contains("web/simple/f/foo/index.html", "web/simple/f/f/index.html", "web/simple/index.html");
        assertThat(Copy.json(Copy.tree(out.resolve("web")), "foo")).isEqualTo(Copy.page("foo", 7));
        assertThatThrownBy(() -> copy.export(out, false)).hasMessageContaining("hash-index (expected: flat");
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotWrittenInto() throws Exception {
        put("foo");
        Copy.write(out.resolve("web/simple/other/index.html"), "<html></html>");

        assertThatThrownBy(() -> copy.export(out, false))
                .hasMessageContaining("no export (expected: an empty directory");
        assertThat(tree()).containsExactly("web/simple/other/index.html");
    }

    @Test
    void filesAndAttestationsComeAlongAndBack() throws Exception {
        byte[] wheel = "wheel".getBytes(StandardCharsets.UTF_8);
        byte[] metadata = "Metadata-Version: 2.4\n".getBytes(StandardCharsets.UTF_8);
        String name = "foo-1.0-py3-none-any.whl";
        String page = Copy.page(
                "foo",
                7,
                "{\"core-metadata\":{\"sha256\":\"" + Sha256.hex(metadata) + "\"},\"filename\":\""
                        + name + "\",\"hashes\":{\"sha256\":\"" + Sha256.hex(wheel)
                        + "\"},\"provenance\":\"https://index.example/integrity/foo/1.0/" + name
                        + "/provenance\",\"url\":\"../../packages/aa/" + name + "\"}");
        copy.put("foo", 7, page, Origin.SYNC);
        try (Change change = copy.store.change()) {
            keep(change, "aa/" + name, wheel);
            keep(change, "aa/" + name + ".metadata", metadata);
            change.provenance("foo", "1.0", name, "{\"version\":1}".getBytes(StandardCharsets.UTF_8))
                    .commit();
        }
        copy.store.seal(Copy.TAKEN);

        copy.export(out, false);

        assertThat(out.resolve("web/packages/aa/" + name)).hasContent("wheel");
        assertThat(out.resolve("web/integrity/foo/1.0/" + name + "/provenance")).hasContent("{\"version\":1}");
        assertThat(Copy.json(Copy.tree(out.resolve("web")), "foo"))
                .contains("/provenance\"")
                .contains("\"core-metadata\":{\"sha256\":");
        try (Copy back = new Copy(directory.resolve("back"))) {
            back.imported(out);
            assertThat(back.served("foo")).isEqualTo(Copy.json(Copy.tree(out.resolve("web")), "foo"));
        }
    }

    private void keep(Change change, String path, byte[] content) throws IOException {
        String hash = Sha256.hex(content);
        copy.store.files().put(hash, content.length, new ByteArrayInputStream(content));
        change.file(path, new StoredFile(hash, content.length));
    }

    @Test
    void whatMustNotBeServedIsTakenOutOfTheTree() throws Exception {
        put("evil", "foo");
        copy.export(out, false);
        Tombstones tombstones = Tombstones.open(directory.resolve("state"), Clock.systemUTC());
        tombstones.add(new Target.Project("evil"), "malware", null);

        copy.export(out, false, tombstones.inForce());

        assertThat(tree()).noneMatch(file -> file.contains("evil"));
        assertThat(out.resolve("web/simple/index.html"))
                .content()
                .contains("foo")
                .doesNotContain("evil");
    }
}
