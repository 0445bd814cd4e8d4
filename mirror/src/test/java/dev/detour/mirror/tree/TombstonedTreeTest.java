package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.tombstone.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain tree under tombstones: every answer is asked for before, so that what was kept would be noticed. */
class TombstonedTreeTest {
    private static final String OLD = "demo-1.0-py3-none-any.whl";
    private static final String NEW = "demo-2.0-py3-none-any.whl";
    private static final String DOCUMENT = """
            {"info": {"name": "demo", "version": "2.0", "requires_dist": ["new"]},
             "releases": {"1.0": [{"filename": "%1$s", "url": "/packages/aa/%1$s"}],
                          "2.0": [{"filename": "%2$s", "url": "/packages/bb/%2$s"}]},
             "urls": [{"filename": "%2$s"}]}
            """.formatted(OLD, NEW);

    @TempDir
    Path root;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo", "other");
        String page = Tree.page(
                "demo", Tree.file(OLD, "../../packages/aa/" + OLD, ""), Tree.file(NEW, "../../packages/bb/" + NEW, ""));
        tree.write("simple/demo/index.v1_json", page.replace("[\"1.0\"]", "[\"1.0\", \"2.0\"]"));
        tree.write("simple/other/index.v1_json", Tree.page("other"));
        tree.write("json/demo", DOCUMENT);
        tree.write("packages/aa/" + OLD, "old");
        tree.write("packages/bb/" + NEW, "new");
        tree.write("packages/bb/" + NEW + ".metadata", "Version: 2.0\nRequires-Dist: new\n");
        tree.write("integrity/demo/2.0/" + NEW + "/provenance", "{}");
    }

    private void add(String target) throws IOException {
        tree.tombstones.add(Target.parse(target), "malware", null);
    }

    private void remove(String target) throws IOException {
        assertThat(tree.tombstones.remove(Target.parse(target))).isNotNull();
    }

    private static final Map<String, MirrorResource> RESOURCES = Map.of(
            "page", new MirrorResource.SimpleProject("demo"),
            "spelled", new MirrorResource.SimpleProject("DEMO"),
            "document", new MirrorResource.JsonProject("Demo"),
            "old release", new MirrorResource.JsonRelease("demo", "1.0"),
            "release", new MirrorResource.JsonRelease("demo", "2.0.0"),
            "provenance", new MirrorResource.Provenance("demo", "2.0", NEW),
            "old file", new MirrorResource.File("aa/" + OLD),
            "file", new MirrorResource.File("bb/" + NEW),
            "metadata", new MirrorResource.File("bb/" + NEW + ".metadata"),
            "other", new MirrorResource.SimpleProject("other"));

    private MirrorAnswer get(String what) {
        return tree.get(Objects.requireNonNull(RESOURCES.get(what), what), Tree.JSON);
    }

    @ParameterizedTest
    @CsvSource({
        "demo, page",
        "demo, spelled",
        "demo, document",
        "demo, old release",
        "demo, release",
        "demo, provenance",
        "demo, old file",
        "demo, file",
        "demo, metadata",
        "demo==2, release",
        "demo==2, provenance",
        "demo==2, file",
        "demo==2, metadata",
        "demo-2.0-py3-none-any.whl, provenance",
        "demo-2.0-py3-none-any.whl, file",
        "demo-2.0-py3-none-any.whl, metadata"
    })
    void whatHasATombstoneIsAbsentFromTheNextRequestOnUntilItIsRemoved(String tombstone, String what) throws Exception {
        assertThat(get(what)).isInstanceOf(MirrorAnswer.Found.class);

        add(tombstone);
        MirrorAnswer withheld = get(what);
        remove(tombstone);

        assertThat(withheld)
                .isInstanceOfSatisfying(
                        MirrorAnswer.Absent.class,
                        absent -> assertThat(absent.detail())
                                .isEqualTo("local: tombstone on " + tombstone + ": malware"));
        assertThat(get(what)).isInstanceOf(MirrorAnswer.Found.class);
    }

    @ParameterizedTest
    @CsvSource({
        "demo, other",
        "demo==2, page",
        "demo==2, document",
        "demo==2, old release",
        "demo==2, old file",
        "demo-2.0-py3-none-any.whl, page",
        "demo-2.0-py3-none-any.whl, document",
        "demo-2.0-py3-none-any.whl, release",
        "demo-2.0-py3-none-any.whl, old file"
    })
    void theRestIsServed(String tombstone, String what) throws Exception {
        add(tombstone);

        assertThat(get(what)).isInstanceOf(MirrorAnswer.Found.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo==2.0", NEW})
    void aKeptPageIsNotServedAnyMore(String tombstone) throws Exception {
        String json = tree.json("demo");
        String html = tree.html("demo");

        add(tombstone);

        assertThat(tree.json("demo"))
                .isNotEqualTo(json)
                .doesNotContain("2.0")
                .contains(OLD)
                .contains("\"versions\":[\"1.0\"]");
        assertThat(tree.html("demo")).isNotEqualTo(html).doesNotContain("2.0").contains(OLD);
    }

    @Test
    void aPageIsTheVeryPageItWasOnceTheTombstoneIsRemoved() throws Exception {
        String before = tree.json("demo");

        add("demo==2.0");
        tree.json("demo");
        remove("demo==2.0");

        assertThat(tree.json("demo")).isEqualTo(before);
    }

    @Test
    void aClientsOwnCopyIsNotConfirmedNeitherAfterTheTombstoneNorAfterItsRemoval() throws Exception {
        for (String file : new String[] {"simple/demo/index.v1_json", "json/demo"}) {
            tree.touch(file, Tree.TAKEN);
        }
        String before = modified();
        add("demo==2.0");
        String during = modified();
        int afterAdding = statusSince(before);
        remove("demo==2.0");

        assertThat(afterAdding).isEqualTo(200);
        assertThat(statusSince(during)).isEqualTo(200);
        assertThat(statusSince(modified())).isEqualTo(304);
    }

    private String modified() {
        MirrorAnswer.Found page = Tree.found(get("page"));
        return Objects.requireNonNull(page.headers().get("Last-Modified"));
    }

    private int statusSince(String modified) {
        MirrorResource page = new MirrorResource.SimpleProject("demo");
        return Tree.found(
                        tree.mirror.answer(new MirrorRequest(page, false, Tree.JSON, null, null, modified, null, null)))
                .status();
    }

    @Test
    void aProjectLeavesTheList() throws Exception {
        MirrorResource index = new MirrorResource.SimpleIndex();
        String before = Tree.text(tree.get(index, Tree.JSON));

        add("demo");

        assertThat(before).contains("demo");
        assertThat(Tree.text(tree.get(index, Tree.JSON))).doesNotContain("demo").contains("other");
        assertThat(Tree.text(tree.get(index, "text/html")))
                .doesNotContain("demo")
                .contains("other");
        remove("demo");
        assertThat(Tree.text(tree.get(index, Tree.JSON))).isEqualTo(before);
    }

    @Test
    void theDocumentSpeaksOfTheReleaseThatIsLeft() throws Exception {
        Tree.text(get("document"));

        add("demo==2.0");

        assertThat(Tree.text(get("document")))
                .doesNotContain("2.0", "\"new\"")
                .contains("\"version\":\"1.0\"", "\"requires_dist\":null", OLD);
    }

    @Test
    void aDocumentWithoutAnyReleaseLeftIsAbsent() throws Exception {
        add("demo==1.0");
        add("demo==2.0");

        assertThat(get("document"))
                .isInstanceOfSatisfying(
                        MirrorAnswer.Absent.class,
                        absent -> assertThat(absent.detail()).contains("tombstone on demo==2.0"));
        assertThat(tree.json("demo")).contains("\"files\":[]", "\"versions\":[]");
    }

    @Test
    void dependenciesAreNotReadFromAWithheldFile() throws Exception {
        tree.write("packages/aa/" + OLD + ".metadata", "Version: 1.0\nRequires-Dist: evil\n");
        assertThat(Tree.text(get("old release"))).contains("evil");

        add(OLD);

        assertThat(Tree.text(get("old release"))).doesNotContain("evil", OLD);
    }

    @Test
    void aTreeOfHtmlAloneIsFilteredToo() throws Exception {
        Files.delete(root.resolve("simple/demo/index.v1_json"));
        Files.delete(root.resolve("simple/index.v1_json"));
        tree.write("simple/index.html", "<html><a href=\"demo/\">demo</a><br/>\n<a href=\"other/\">other</a></html>");
        tree.write(
                "simple/demo/index.html",
                "<html><a href=\"../../packages/aa/%1$s\">%1$s</a><br/>\n<a href=\"../../packages/bb/%2$s\">%2$s</a></html>"
                        .formatted(OLD, NEW));
        tree.wait(Duration.ofSeconds(1));
        assertThat(tree.html("demo")).contains(OLD, NEW);

        add(NEW);
        add("other");

        assertThat(tree.html("demo"))
                .isEqualTo("<html><a href=\"../../packages/aa/%1$s\">%1$s</a><br/>\n</html>".formatted(OLD));
        assertThat(Tree.text(tree.get(new MirrorResource.SimpleIndex(), "text/html")))
                .isEqualTo("<html><a href=\"demo/\">demo</a><br/>\n</html>");
    }

    @Test
    void anUnfitTreeStillSaysThatItIsAbsent() throws Exception {
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofDays(30)));
        add("demo");

        assertThat(get("page")).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(get("other")).isInstanceOf(MirrorAnswer.Unavailable.class);
    }
}
