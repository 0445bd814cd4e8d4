package dev.detour.app.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes a mirror's pages as poor as those of mirrors that know file names only. */
final class OldMirror {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private OldMirror() {}

    /** Removes {@code requires-python} from every page of the project, and from its JSON documents. */
    static void forgetRequiresPython(Path tree, String project) throws IOException {
        forget(tree, project, "requires-python", Set.of("requires-python", "requires_python"));
    }

    /** Removes the marks of yanked releases, and their reasons, from every page of the project and from its JSON documents. */
    static void forgetYanks(Path tree, String project) throws IOException {
        forget(tree, project, "yanked", Set.of("yanked", "yanked_reason"));
    }

    private static void forget(Path tree, String project, String attribute, Set<String> keys) throws IOException {
        Path pages = tree.resolve("simple").resolve(project);
        for (Path html : List.of(pages.resolve("index.html"), pages.resolve("index.v1_html"))) {
            Files.writeString(html, Files.readString(html).replaceAll(" data-" + attribute + "=\"[^\"]*\"", ""));
            assertThat(html).content().doesNotContain(attribute);
        }
        for (Path json : List.of(
                pages.resolve("index.v1_json"),
                tree.resolve("json").resolve(project),
                tree.resolve("pypi").resolve(project).resolve("json"))) {
            JsonNode document = JSON.readTree(Files.readAllBytes(json));
            forget(document, keys);
            Files.write(json, JSON.writeValueAsBytes(document));
            assertThat(json).content().doesNotContain(attribute);
        }
    }

    private static void forget(JsonNode node, Set<String> keys) {
        if (node instanceof ObjectNode object) {
            object.remove(keys);
        }
        node.forEach(child -> forget(child, keys));
    }
}
