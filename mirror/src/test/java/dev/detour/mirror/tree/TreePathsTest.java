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

class TreePathsTest {
    @TempDir
    Path outside;

    Tree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = new Tree(outside.resolve("web"), "demo");
        Files.writeString(outside.resolve("secret"), "secret");
        tree.write("secret", "of the root");
        tree.write("packages/aa/f.whl", "content");
    }

    static List<String> ways() {
        return List.of(
                "..",
                "../secret",
                "../../secret",
                "aa/../../../secret",
                "aa/../f.whl",
                "./aa/f.whl",
                "/secret",
                "/aa/f.whl",
                "aa//f.whl",
                "aa/f.whl/",
                "",
                "%2e%2e/secret",
                "..%2fsecret",
                "aa\\..\\..\\secret",
                "..\\secret",
                "C:\\secret",
                "C:/secret",
                "aa/f.whl\0",
                "\0",
                "aa/f\n.whl",
                "aa/f.whl:stream",
                "aa/.f.whl.x1",
                "\ud800",
                "aa/f.whl/f.whl",
                "aa",
                "x".repeat(300),
                "x/".repeat(3000) + "x",
                "\u00e4".repeat(200),
                "~/secret",
                "aa/f.whl.ab12cd_8");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noPathOfAFileLeadsAnywhereElse(String path) {
        assertThat(tree.get(new MirrorResource.File(path))).isNotInstanceOf(MirrorAnswer.Found.class);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void noNameOfAProjectLeadsAnywhereElse(String name) {
        assertThat(tree.get(new MirrorResource.SimpleProject(name))).isNotInstanceOf(MirrorAnswer.Found.class);
        assertThat(tree.get(new MirrorResource.JsonProject(name))).isNotInstanceOf(MirrorAnswer.Found.class);
        assertThat(tree.get(new MirrorResource.JsonRelease("demo", name))).isNotInstanceOf(MirrorAnswer.Found.class);
        assertThat(tree.get(new MirrorResource.Provenance("demo", name, name)))
                .isNotInstanceOf(MirrorAnswer.Found.class);
        assertThat(tree.get(new MirrorResource.Provenance(name, "1", "f"))).isNotInstanceOf(MirrorAnswer.Found.class);
    }

    @Test
    void plainPathIsFound() {
        assertThat(Tree.found(tree.get(new MirrorResource.File("aa/f.whl"))).status())
                .isEqualTo(200);
    }

    @Test
    void linkToAFileOutsideIsRefused() throws Exception {
        Files.createSymbolicLink(tree.root.resolve("packages/aa/l.whl"), outside.resolve("secret"));
        Files.createSymbolicLink(tree.root.resolve("packages/aa/r.whl"), Path.of("../../../secret"));

        for (String name : List.of("aa/l.whl", "aa/r.whl")) {
            assertThat(tree.get(new MirrorResource.File(name)))
                    .isInstanceOfSatisfying(
                            MirrorAnswer.Unavailable.class,
                            answer -> assertThat(answer.detail()).contains("leads to", "secret"));
        }
    }

    @Test
    void linkToADirectoryOutsideIsRefused() throws Exception {
        Files.createDirectories(outside.resolve("elsewhere"));
        Files.writeString(outside.resolve("elsewhere/f.whl"), "x");
        Files.createSymbolicLink(tree.root.resolve("packages/dd"), outside.resolve("elsewhere"));

        assertThat(tree.get(new MirrorResource.File("dd/f.whl"))).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void linkInACircleIsUnavailable() throws Exception {
        Files.createSymbolicLink(tree.root.resolve("packages/aa/a.whl"), Path.of("b.whl"));
        Files.createSymbolicLink(tree.root.resolve("packages/aa/b.whl"), Path.of("a.whl"));

        assertThat(tree.get(new MirrorResource.File("aa/a.whl"))).isInstanceOf(MirrorAnswer.Unavailable.class);
    }

    @Test
    void relativeLinkInsideIsFollowed() throws Exception {
        tree.write("json/demo", "{\"info\":{\"name\":\"Demo\"},\"last_serial\":7}");
        Files.createDirectories(tree.root.resolve("pypi/demo"));
        Files.createSymbolicLink(tree.root.resolve("pypi/demo/json"), Path.of("../../json/demo"));

        assertThat(Tree.text(tree.get(new MirrorResource.JsonProject("demo")))).contains("\"last_serial\":7");
    }

    @Test
    void absoluteLinkOfAKeptVersionIsFollowedHereAfterTheTreeWasCopied() throws Exception {
        tree.write("simple/demo/versions/index_42_x.v1_json", Tree.page("demo"));
        Files.createSymbolicLink(
                tree.root.resolve("simple/demo/index.v1_json"),
                Path.of("/srv/simple/pypi/web/simple/demo/versions/index_42_x.v1_json"));

        assertThat(tree.json("demo")).contains("\"_last-serial\":42");
    }

    @Test
    void keptVersionThatTheLinkIsTurnedToIsServed() throws Exception {
        Path link = tree.root.resolve("simple/demo/index.v1_json");
        Path one = tree.write(
                "simple/demo/versions/index_1.v1_json", Tree.page("demo").replace("42", "1"));
        Path two = tree.write(
                "simple/demo/versions/index_2.v1_json", Tree.page("demo").replace("42", "2"));
        Files.createSymbolicLink(link, one);
        String before = tree.json("demo");
        Files.delete(link);
        Files.createSymbolicLink(link, two);
        tree.wait(Duration.ofSeconds(1));

        assertThat(before).contains("\"_last-serial\":1,");
        assertThat(tree.json("demo")).contains("\"_last-serial\":2,");
    }

    @Test
    void treeBehindALinkIsServedAndSwitchedWithIt() throws Exception {
        Tree one = new Tree(outside.resolve("one"), "demo");
        one.write("simple/demo/index.v1_json", Tree.page("demo").replace("42", "1"));
        Tree two = new Tree(outside.resolve("two"), "demo");
        two.write("simple/demo/index.v1_json", Tree.page("demo").replace("42", "2"));
        Path link = Files.createSymbolicLink(outside.resolve("current"), Path.of("one"));
        Tree current = new Tree(link, "demo");
        String before = current.json("demo");
        Files.delete(link);
        Files.createSymbolicLink(link, Path.of("two"));
        current.wait(Duration.ofSeconds(1));

        assertThat(before).contains("\"_last-serial\":1,");
        assertThat(current.json("demo")).contains("\"_last-serial\":2,");
    }
}
