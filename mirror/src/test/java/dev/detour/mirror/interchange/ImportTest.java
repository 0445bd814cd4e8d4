package dev.detour.mirror.interchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoredFile;
import dev.detour.mirror.store.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
    private static final String LIST_END = "],\"meta\":{\"_last-serial\":\"99\",\"api-version\":\"1.1\"}}";

    @TempDir
    private Path directory = Path.of("");

    private Path web;
    private Copy copy;

    @BeforeEach
    void open() throws IOException {
        copy = new Copy(directory.resolve("store"));
        web = directory.resolve("tree/web");
        Copy.write(web.resolve("last-modified"), Copy.TAKEN_IN_TREE);
    }

    @AfterEach
    void close() throws StoreException {
        copy.close();
    }

    private void list(String... projects) throws IOException {
        List<String> entries = List.of(projects).stream()
                .map(name -> "{\"name\":\"" + name + "\"}")
                .toList();
        Copy.write(web.resolve("simple/index.v1_json"), "{\"projects\":[" + String.join(",", entries) + LIST_END);
    }

    private void page(String directory, String project, String files) throws IOException {
        Copy.write(
                web.resolve("simple/" + directory + "/index.v1_json"),
                "{\"files\": [" + files
                        + "], \"meta\": {\"_last-serial\": \"42\", \"api-version\": \"1.1\"}, \"name\": \"" + project
                        + "\", \"versions\": [\"1.0\"]}");
    }

    private static String yanked(String filename) {
        return Copy.file(filename, "../../packages/aa/" + filename, ",\"yanked\":true");
    }

    @Test
    void pagesGetBackWhatOtherFilesOfTheTreeKnow() throws Exception {
        list("foo-bar");
        page("foo-bar", "foo-bar", yanked("foo_bar-1.0.tar.gz"));
        Copy.write(
                web.resolve("json/foo-bar"),
                "{\"info\":{\"name\":\"Foo.Bar\",\"version\":\"1.0\"},\"releases\":{\"1.0\":[{\"filename\":"
                        + "\"foo_bar-1.0.tar.gz\",\"yanked_reason\":\"it is <broken>\"}]}}");

        ImportReport report = copy.imported(directory.resolve("tree"));

        assertThat(report.results()).containsExactlyEntriesOf(Map.of(ImportReport.Result.ADDED, 1L));
        assertThat(copy.served("foo-bar"))
                .contains(
                        "\"yanked\":\"it is <broken>\"",
                        "\"_last-serial\":42,",
                        "../../packages/aa/foo_bar-1.0.tar.gz");
        assertThat(Objects.requireNonNull(copy.store.live().listed("foo-bar")).json())
                .isEqualTo("{\"_last-serial\":42,\"name\":\"Foo.Bar\"}");
        assertThat(Copy.text(copy.mirror(), new MirrorResource.JsonProject("foo-bar"), "*/*"))
                .contains("\"name\":\"Foo.Bar\"");
    }

    @Test
    void theCopyIsAsOldAsTheTreeSays() throws Exception {
        list("foo");
        page("foo", "foo", "");

        ImportReport report = copy.imported(web);

        ProjectState state = Objects.requireNonNull(copy.store.live().state("foo"));
        assertThat(report.confirmed()).isTrue();
        assertThat(copy.store.generations().list().get(0).confirmedAt()).isEqualTo(Copy.TAKEN);
        assertThat(state.fetchedAt()).isEqualTo(Copy.TAKEN);
        assertThat(state.origin()).isEqualTo(Origin.IMPORT);
    }

    @Test
    void aTreeThatDoesNotSayItsAgeConfirmsNothing() throws Exception {
        list("foo");
        page("foo", "foo", "");
        Files.delete(web.resolve("last-modified"));

        ImportReport report = copy.imported(web);

        assertThat(report.confirmed()).isFalse();
        assertThat(report.note()).contains("does not say how old");
        assertThat(copy.store.generations().list().get(0).confirmedAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void pagesByFirstLetterAreFound() throws Exception {
        list("foo", "f");
        page("f/foo", "foo", "");
        page("f/f", "f", "");

        copy.imported(web);

        assertThat(copy.served("foo")).contains("\"name\":\"foo\"");
        assertThat(copy.served("f")).contains("\"name\":\"f\"");
    }

    @Test
    void aPageThatIsNotListedStaysUnlisted() throws Exception {
        list("foo");
        page("foo", "foo", "");
        page("gone", "gone", "");

        copy.imported(web);

        assertThat(copy.served("gone")).contains("\"name\":\"gone\"");
        assertThat(copy.store.live().listed("gone")).isNull();
    }

    @Test
    void treesWithHtmlOnlyAreReadAndTheirLinksStayRelative() throws Exception {
        Copy.write(
                web.resolve("simple/index.html"),
                "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" content=\"1.0\"><title>Simple Index"
                        + "</title></head><body><a href=\"foo/\">foo</a><br/></body></html>");
        Copy.write(
                web.resolve("simple/foo/index.html"),
                "<!DOCTYPE html><html><head><meta name=\"pypi:repository-version\" content=\"1.0\"><title>Links for foo"
                        + "</title></head><body><h1>Links for foo</h1><a href=\"../../packages/aa/foo-1.0.tar.gz#sha256="
                        + "0".repeat(64)
                        + "\" data-yanked=\"bad\">foo-1.0.tar.gz</a><br/></body></html><!--SERIAL 7-->");

        copy.imported(web);

        assertThat(copy.served("foo"))
                .contains("\"url\":\"../../packages/aa/foo-1.0.tar.gz\"", "\"yanked\":\"bad\"", "\"_last-serial\":7,");
    }

    @Test
    void serialsOfAShadowmireTreeSayWhichPagesAreBehind() throws Exception {
        list("ahead", "equal", "never");
        page("ahead", "ahead", "");
        page("equal", "equal", "");
        Copy.write(web.resolve("local.json"), "{\"ahead\":50,\"equal\":42,\"never\":-1}");

        ImportReport report = copy.imported(web);

        assertThat(Objects.requireNonNull(copy.store.live().listed("ahead")).serial())
                .hasValue(50);
        assertThat(Objects.requireNonNull(copy.store.live().task("ahead")).reason())
                .isEqualTo(Task.Reason.CHANGED);
        assertThat(copy.store.live().task("equal")).isNull();
        assertThat(Objects.requireNonNull(copy.store.live().task("never")).reason())
                .isEqualTo(Task.Reason.NEW);
        assertThat(report.results()).containsEntry(ImportReport.Result.MISSING, 1L);
    }

    @Test
    void aBadPageIsReportedByNameAndLeftToTheNextSynchronisation() throws Exception {
        list("bad", "good", "other");
        page("good", "good", "");
        page("other", "another", "");
        Copy.write(web.resolve("simple/bad/index.v1_json"), "{\"files\": [");

        ImportReport report = copy.imported(web);

        assertThat(report.results())
                .containsEntry(ImportReport.Result.REFUSED, 2L)
                .containsEntry(ImportReport.Result.ADDED, 1L);
        assertThat(report.problems()).extracting(ImportReport.Problem::project).containsExactly("bad", "other");
        assertThat(report.problems().get(0).reason()).contains("simple/bad/index.v1_json", "not JSON");
        assertThat(copy.served("bad")).startsWith("Unavailable");
        assertThat(Objects.requireNonNull(copy.store.live().task("bad")).reason())
                .isEqualTo(Task.Reason.NEW);
    }

    @Test
    void aPageThatBreaksTheRuleIsRefusedWithTheReason() throws Exception {
        list("foo");
        page("foo", "foo", "");
        Import strict = new Import(
                copy.store, Import.Settings.defaults(), (project, page) -> List.of("too short"), ImportObserver.NONE);

        ImportReport report = strict.run(web);

        assertThat(report.problems()).containsExactly(new ImportReport.Problem("foo", "too short"));
        assertThat(copy.store.live().state("foo")).isNull();
    }

    @Test
    void theNewerPageStays() throws Exception {
        copy.put("newer", 43, Copy.page("newer", 43), Origin.SYNC);
        copy.put("own", 42, Copy.page("own", 42), Origin.SYNC);
        copy.put("older", 41, Copy.page("older", 41), Origin.SYNC);
        list("newer", "older", "own");
        page("newer", "newer", yanked("newer-1.0.tar.gz"));
        page("own", "own", yanked("own-1.0.tar.gz"));
        page("older", "older", yanked("older-1.0.tar.gz"));

        ImportReport report = copy.imported(web);

        assertThat(report.results())
                .containsEntry(ImportReport.Result.KEPT, 2L)
                .containsEntry(ImportReport.Result.REPLACED, 1L);
        assertThat(copy.served("newer")).isEqualTo(Copy.page("newer", 43));
        assertThat(copy.served("own")).isEqualTo(Copy.page("own", 42));
        assertThat(copy.served("older")).contains("older-1.0.tar.gz");
    }

    @Test
    void anOlderTreeDoesNotBringBackWhatTheStoreKnowsIsGone() throws Exception {
        copy.put("foo", 43, Copy.page("foo", 43), Origin.SYNC);
        copy.store.seal(Copy.TAKEN.plusSeconds(60));
        list("foo", "deleted");
        page("deleted", "deleted", "");

        ImportReport report = copy.imported(web);

        assertThat(copy.store.live().state("deleted")).isNull();
        assertThat(copy.store.live().listed("deleted")).isNull();
        assertThat(report.note()).contains("younger");
        assertThat(copy.store.generations().list().get(0).confirmedAt()).isEqualTo(Copy.TAKEN.plusSeconds(60));
    }

    @Test
    void aTreeThatLacksProjectsOfTheStoreRemovesNoneAndConfirmsNothing() throws Exception {
        copy.put("foo", 41, Copy.page("foo", 41), Origin.SYNC);
        copy.put("more", 40, Copy.page("more", 40), Origin.SYNC);
        copy.store.seal(Copy.TAKEN.minusSeconds(60));
        list("foo");
        page("foo", "foo", "");

        ImportReport report = copy.imported(web);

        assertThat(report.note()).contains("does not list 1 projects");
        assertThat(copy.served("more")).isEqualTo(Copy.page("more", 40));
        assertThat(copy.store.generations().list().get(1).confirmedAt()).isEqualTo(Copy.TAKEN.minusSeconds(60));
    }

    @Test
    void theSameTreeAgainChangesNothing() throws Exception {
        list("foo");
        page("foo", "foo", yanked("foo-1.0.tar.gz"));
        Copy.write(web.resolve("json/foo"), "{\"info\":{\"name\":\"foo\",\"version\":\"1.0\"}}");
        long first = copy.imported(web).generation();

        ImportReport second = copy.imported(web);

        assertThat(second.generation()).isEqualTo(first);
        assertThat(second.results()).containsExactlyEntriesOf(Map.of(ImportReport.Result.UNCHANGED, 1L));
    }

    @Test
    void metadataOfTheTreeIsKeptIfItIsWhatThePageSays() throws Exception {
        byte[] metadata = "Metadata-Version: 2.4\n".getBytes(StandardCharsets.UTF_8);
        String promised = ",\"core-metadata\":{\"sha256\":\"" + Sha256.hex(metadata) + "\"}";
        String wrong = ",\"core-metadata\":{\"sha256\":\"" + "1".repeat(64) + "\"}";
        list("foo");
        page(
                "foo",
                "foo",
                Copy.file("foo-1.0-py3-none-any.whl", "../../packages/aa/foo-1.0-py3-none-any.whl", promised) + ","
                        + Copy.file("foo-1.0-py2-none-any.whl", "../../packages/bb/foo-1.0-py2-none-any.whl", wrong));
        Copy.write(web.resolve("packages/aa/foo-1.0-py3-none-any.whl.metadata"), "Metadata-Version: 2.4\n");
        Copy.write(web.resolve("packages/bb/foo-1.0-py2-none-any.whl.metadata"), "Metadata-Version: 2.4\n");

        ImportReport report = copy.imported(web);

        assertThat(copy.store.live().file("aa/foo-1.0-py3-none-any.whl.metadata"))
                .isEqualTo(new StoredFile(Sha256.hex(metadata), metadata.length));
        assertThat(copy.store.live().file("bb/foo-1.0-py2-none-any.whl.metadata"))
                .isNull();
        assertThat(report.problems()).singleElement().asString().contains("expected: " + "1".repeat(64));
    }

    private Path pages(String name, String... lines) throws IOException {
        return Copy.write(directory.resolve(name), String.join("", lines));
    }

    private static final String HEAD =
            "{\"detour-pages\":{\"format\":1,\"taken\":\"2026-03-04T05:06:07Z\"},\"meta\":{\"_last-serial\":9,\"api-version\":\"1.4\"}}\n";

    @Test
    void aPagesFileIsTakenOverLineByLine() throws Exception {
        Path file = pages(
                "pages.jsonl",
                HEAD,
                "{\"_last-serial\":7,\"name\":\"Foo\"}\n",
                Copy.page("foo", 7),
                Copy.page("plain", 8),
                "{\"_last-serial\":5,\"name\":\"pageless\"}\n",
                Copy.page("held", 6).replace("active", "quarantined"));

        ImportReport report = copy.imported(file);

        assertThat(report.confirmed()).isTrue();
        assertThat(copy.served("foo")).isEqualTo(Copy.page("foo", 7));
        assertThat(copy.store.live().listed("foo"))
                .extracting(ListEntry::json)
                .isEqualTo("{\"_last-serial\":7,\"name\":\"Foo\"}");
        assertThat(copy.store.live().listed("plain"))
                .extracting(ListEntry::json)
                .isEqualTo("{\"_last-serial\":8,\"name\":\"plain\"}");
        assertThat(copy.store.live().listed("held")).isNull();
        assertThat(copy.store.live().state("held")).isNotNull();
        assertThat(copy.store.live().task("pageless")).isNotNull();
    }

    @Test
    void aCompressedPagesFileIsToldByItsFirstBytes() throws Exception {
        byte[] plain = (HEAD + Copy.page("foo", 7)).getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(directory.resolve("pages"), Zstd.compress(plain));

        copy.imported(file);

        assertThat(copy.served("foo")).isEqualTo(Copy.page("foo", 7));
    }

    @Test
    void aBadLineIsReportedByItsNumberAndTheOthersAreTaken() throws Exception {
        Path file = pages("pages.jsonl", HEAD, Copy.page("foo", 7), "oops\n", Copy.page("..", 7), Copy.page("bar", 8));

        ImportReport report = copy.imported(file);

        assertThat(report.problems()).extracting(ImportReport.Problem::project).containsExactly("(line 3)", "(line 4)");
        assertThat(report.results()).containsEntry(ImportReport.Result.ADDED, 2L);
    }

    @Test
    void anotherFileIsNoPagesFile() throws Exception {
        Path file = pages("pages.jsonl", Copy.page("foo", 7));

        assertThatThrownBy(() -> copy.imported(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pages.jsonl")
                .hasMessageContaining("'detour-pages' of the first line is null");
    }

    @Test
    void aDirectoryWithoutPagesIsNoTree() {
        assertThatThrownBy(() -> copy.imported(directory)).hasMessageContaining("is no tree (expected:");
    }
}
