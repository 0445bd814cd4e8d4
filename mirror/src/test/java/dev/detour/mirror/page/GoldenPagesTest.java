package dev.detour.mirror.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GoldenPagesTest {
    private static Path golden() throws URISyntaxException {
        URL directory = Objects.requireNonNull(GoldenPagesTest.class.getResource("/golden"));
        return Path.of(directory.toURI());
    }

    static List<String> projects() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(golden())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("index.json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        }
    }

    private static byte[] bytes(String file) throws IOException, URISyntaxException {
        return Files.readAllBytes(golden().resolve(file));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void allPairsAreThere() throws Exception {
        assertThat(projects()).hasSize(15).contains("long", "unknown-keys", "version-order");
    }

    @ParameterizedTest
    @MethodSource("projects")
    void projectJsonStaysAsItIs(String project) throws Exception {
        ProjectPage page = ProjectPage.parse(bytes(project + ".json"));

        assertThat(text(page.json())).isEqualTo(text(bytes(project + ".json")));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void projectHtmlIsRenderedByteForByte(String project) throws Exception {
        ProjectPage page = ProjectPage.parse(bytes(project + ".json"));

        assertThat(text(page.html())).isEqualTo(text(bytes(project + ".html")));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void filesAndVersionsOutOfOrderAreSortedBack(String project) throws Exception {
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
    void indexJsonStaysAsItIs() throws Exception {
        ProjectList list = ProjectList.parse(bytes("index.json"));

        assertThat(text(list.json())).isEqualTo(text(bytes("index.json")));
    }

    @Test
    void indexHtmlIsRenderedByteForByte() throws Exception {
        ProjectList list = ProjectList.parse(bytes("index.json"));

        assertThat(text(list.html())).isEqualTo(text(bytes("index.html")));
    }

    @Test
    void bothFormsOfTheIndexHaveTheSameNames() throws Exception {
        assertThat(ProjectList.namesInHtml(bytes("index.html")))
                .isEqualTo(ProjectList.namesInJson(bytes("index.json")))
                .contains("zope-interface", "a", "0-0")
                .hasSize(8);
    }
}
