package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class TreePathsProperties {
    Path base = Path.of("");

    @BeforeProperty
    void makeTree() throws IOException {
        base = Files.createTempDirectory("tree");
        Files.createDirectories(base.resolve("web/packages/a"));
        Files.writeString(base.resolve("web/packages/a/b"), "x");
        Files.writeString(base.resolve("secret"), "x");
    }

    @AfterProperty
    void removeTree() throws IOException {
        for (String path : List.of("web/packages/a/b", "web/packages/a", "web/packages", "web", "secret", "")) {
            Files.delete(base.resolve(path));
        }
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                        "packages/a/b",
                        "packages/a",
                        "..",
                        ".",
                        "a",
                        "b",
                        "packages",
                        "/",
                        "//",
                        "\\",
                        "%2e",
                        "\0",
                        "secret",
                        "web")
                .list()
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
    }

    @Property(tries = 3000)
    void whatIsFoundIsInTheTree(@ForAll("paths") String path) throws IOException {
        LocalFile file = new TreePaths(base.resolve("web")).find(path);

        if (file != null) {
            assertThat(file.path().toRealPath()).startsWith(base.resolve("web").toRealPath());
            assertThat(file.path().normalize()).isEqualTo(file.path());
        }
    }
}
