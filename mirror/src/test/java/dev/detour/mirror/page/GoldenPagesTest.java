package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GoldenPagesTest {
    static List<String> projects() throws Exception {
        return Golden.projects();
    }

    private static byte[] bytes(String file) {
        return Golden.bytes(file);
    }

    private static String text(byte[] bytes) {
        return Golden.text(bytes);
    }

    @Test
    void allPairsAreThere() throws Exception {
        assertThat(projects()).hasSize(15).contains("long", "unknown-keys", "version-order");
    }

    @ParameterizedTest
    @MethodSource("projects")
    void projectJsonStaysAsItIs(String project) {
        ProjectPage page = ProjectPage.parse(bytes(project + ".json"));

        assertThat(text(page.json())).isEqualTo(text(bytes(project + ".json")));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void projectHtmlIsRenderedByteForByte(String project) {
        ProjectPage page = ProjectPage.parse(bytes(project + ".json"));

        assertThat(text(page.html())).isEqualTo(text(bytes(project + ".html")));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void filesAndVersionsOutOfOrderAreSortedBack(String project) {
        ObjectNode root = CanonicalJson.readObject(bytes(project + ".json"));
        reverse((ArrayNode) Objects.requireNonNull(root.get("files")));
        root.remove("versions");

        ProjectPage page = new ProjectPage(root);

        assertThat(text(page.json())).isEqualTo(text(bytes(project + ".json")));
    }

    private static void reverse(ArrayNode array) {
        for (int i = array.size() - 2; i >= 0; i--) {
            array.add(array.remove(i));
        }
    }

    @Test
    void indexJsonStaysAsItIs() {
        ProjectList list = ProjectList.parse(bytes("index.json"));

        assertThat(text(list.json())).isEqualTo(text(bytes("index.json")));
    }

    @Test
    void indexHtmlIsRenderedByteForByte() {
        ProjectList list = ProjectList.parse(bytes("index.json"));

        assertThat(text(list.html())).isEqualTo(text(bytes("index.html")));
    }

    @Test
    void bothFormsOfTheIndexHaveTheSameNames() {
        assertThat(ProjectList.namesInHtml(bytes("index.html")))
                .isEqualTo(ProjectList.namesInJson(bytes("index.json")))
                .contains("zope-interface", "a", "0-0")
                .hasSize(8);
    }
}
