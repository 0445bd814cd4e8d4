package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThreeStatesTest {
    @TempDir
    Path root;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(root, "demo", "Listed.Only");
        tree.write("simple/demo/index.v1_json", Tree.page("demo"));
    }

    private static MirrorResource simple(String name) {
        return new MirrorResource.SimpleProject(name);
    }

    static List<MirrorResource> everyResource() {
        return List.of(
                new MirrorResource.SimpleIndex(),
                simple("demo"),
                simple("Demo"),
                simple("unknown"),
                simple("../x"),
                new MirrorResource.JsonProject("demo"),
                new MirrorResource.JsonRelease("demo", "1.0"),
                new MirrorResource.Provenance("demo", "1.0", "f.whl"),
                new MirrorResource.File("aa/bb/cc/f.whl"),
                new MirrorResource.File("../../x"));
    }

    private String unavailable(MirrorResource resource) {
        MirrorAnswer answer = tree.get(resource);
        assertThat(answer).isInstanceOf(MirrorAnswer.Unavailable.class);
        return ((MirrorAnswer.Unavailable) answer).detail();
    }

    @Test
    void nameInNeitherTreeNorListIsAbsent() {
        assertThat(tree.get(simple("unknown"))).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.get(simple("Un_Known"))).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.get(new MirrorResource.JsonProject("unknown"))).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.get(new MirrorResource.JsonRelease("unknown", "1"))).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.get(new MirrorResource.Provenance("unknown", "1", "f")))
                .isInstanceOf(MirrorAnswer.Absent.class);
    }

    @Test
    void listedNameWithoutAPageIsUnavailable() {
        assertThat(unavailable(simple("listed-only"))).contains("listed-only is listed");
        assertThat(unavailable(new MirrorResource.JsonProject("listed-only"))).contains("listed-only is listed");
    }

    @Test
    void documentAloneIsNoPageButProvesThatTheProjectExists() throws Exception {
        tree.write("json/other", "{\"info\":{\"name\":\"other\"}}");

        assertThat(unavailable(simple("other"))).contains("other files of it");
    }

    @Test
    void pageThatIsNotListedYetIsServed() throws Exception {
        tree.write("simple/brand-new/index.v1_json", Tree.page("brand-new"));

        assertThat(tree.json("brand-new")).contains("\"name\":\"brand-new\"");
        assertThat(tree.found(simple("Brand.New"), null).status()).isEqualTo(302);
    }

    @Test
    void fileThatIsNotThereIsUnavailableSinceATreeNeedNotHoldFiles() {
        assertThat(unavailable(new MirrorResource.File("aa/bb/cc/f.whl"))).contains("packages/aa/bb/cc/f.whl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"files\":[]}", "{\"name\":\"demo\"}", "{\"files\":[],\"name\":\"other\"}"})
    void pageThatIsNoneIsUnavailableAndNamed(String content) throws Exception {
        tree.write("simple/demo/index.v1_json", content);

        assertThat(unavailable(simple("demo"))).contains("simple/demo/index.v1_json: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html><body>"})
    void cutHtmlPageIsUnavailableAndNamed(String content) throws Exception {
        tree.write("simple/listed-only/index.html", content);

        assertThat(unavailable(simple("listed-only"))).contains("simple/listed-only/index.html: ");
    }

    @Test
    void emptyFilesListIsServedWhenThePageSaysSo() {
        assertThat(tree.json("demo")).contains("\"files\":[]");
    }

    @Test
    void pageThatBreaksLaterIsUnavailableThen() throws Exception {
        tree.json("demo");
        tree.write("simple/demo/index.v1_json", "{");
        tree.wait(Duration.ofSeconds(1));

        assertThat(unavailable(simple("demo"))).contains("not JSON");
    }

    @Test
    void listThatChangesIsReadAgain() throws Exception {
        MirrorAnswer before = tree.get(simple("later"));
        tree.list("demo", "later");
        tree.wait(Duration.ofSeconds(1));

        assertThat(before).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(unavailable(simple("later"))).contains("later is listed");
    }

    @Test
    void listInHtmlIsAListToo() throws Exception {
        Files.delete(root.resolve("simple/index.v1_json"));
        tree.write("simple/index.html", "<html><body><a href=\"Listed.Only/\">Listed.Only</a></body></html>");

        assertThat(unavailable(simple("listed-only"))).contains("listed-only is listed");
        assertThat(tree.get(simple("unknown"))).isInstanceOf(MirrorAnswer.Absent.class);
        assertThat(tree.found(new MirrorResource.SimpleIndex(), Tree.JSON).headers())
                .containsEntry("Content-Type", "text/html");
    }

    @ParameterizedTest
    @MethodSource("everyResource")
    void treeWithoutAListAnswersNothing(MirrorResource resource) throws Exception {
        Files.delete(root.resolve("simple/index.v1_json"));

        assertThat(unavailable(resource)).contains("has no project list");
        assertThat(tree.mirror.status().fit()).isFalse();
        assertThat(tree.mirror.status().age()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void brokenListMakesTheTreeUnfitAndIsNamed() throws Exception {
        tree.write("simple/index.v1_json", "{\"projects\":[{\"na");

        assertThat(tree.mirror.status().fit()).isFalse();
        assertThat(tree.mirror.status().detail()).contains("simple/index.v1_json: not JSON");
    }

    @ParameterizedTest
    @MethodSource("everyResource")
    void treeThatIsTooOldAnswersNothing(MirrorResource resource) {
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofHours(24)).plusSeconds(1));

        assertThat(unavailable(resource)).contains("86401 s old (limit: 86400 s)");
        assertThat(tree.mirror.status().fit()).isFalse();
    }

    @Test
    void treeGrowsOldBetweenTwoLooksAtItsFiles() {
        tree.json("demo");
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofHours(24)));
        String last = tree.json("demo");
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofHours(24)).plusSeconds(1));

        assertThat(last).contains("demo");
        assertThat(unavailable(simple("demo"))).contains("old");
    }

    @Test
    void synchronisedTreeIsFitAgain() throws Exception {
        tree.turnClockTo(Tree.TAKEN.plus(Duration.ofDays(2)));
        boolean before = tree.mirror.status().fit();
        tree.write("last-modified", "20260306T05:00:00\n");
        tree.wait(Duration.ofSeconds(1));

        assertThat(before).isFalse();
        assertThat(tree.mirror.status().fit()).isTrue();
        assertThat(tree.found(simple("demo"), null).headers()).containsEntry("Age", "367");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-03-04T05:06:07Z", "20260304T05:06", "20261304T05:06:07"})
    void unreadableAgeMakesTheTreeUnfit(String lastModified) throws Exception {
        tree.write("last-modified", lastModified);

        assertThat(unavailable(simple("demo"))).contains("last-modified", "expected: YYYYMMDDTHH:MM:SS");
        assertThat(tree.mirror.status().age()).isNull();
    }

    @Test
    void missingAgeMakesTheTreeUnfit() throws Exception {
        Files.delete(root.resolve("last-modified"));

        assertThat(unavailable(simple("demo"))).contains("last-modified", "missing");
    }

    @Test
    void ageAheadOfTheClockIsNoAge() throws Exception {
        tree.write("last-modified", "20270304T05:06:07\n");

        assertThat(unavailable(simple("demo"))).contains("ahead of the clock");
    }

    @Test
    void littleClockSkewIsAgeZero() throws Exception {
        tree.write("last-modified", "20260304T05:08:00\n");

        assertThat(tree.mirror.status().age()).isEqualTo(Duration.ZERO);
    }

    @Test
    void missingTreeIsUnfitAndNamed() throws Exception {
        Tree other = new Tree(root.resolve("other"));
        Files.move(root.resolve("other"), root.resolve("moved"));

        assertThat(other.mirror.status().detail()).contains("does not exist");
    }

    @Test
    void fitTreeSaysHowManyProjectsAndHowOld() {
        assertThat(tree.mirror.status().detail()).isEqualTo("2 projects, 60 s old");
    }
}
