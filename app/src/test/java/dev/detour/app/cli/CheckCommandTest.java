package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ConfigLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CheckCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String THREE_PROBLEMS = """
            listeners:
              - address: 127.0.0.1:8080
            backends:
              warehouse:
                endpoints: ["http://127.0.0.1:8000"]
                timeouts: {connect: soon}
            index: {preset: pypi, backend: warehose}
            surprise: 1
            """;

    @Test
    void aValidFileIsShownWithItsDefaults() {
        Terminal terminal = Terminal.run("check", "--config", TestConfig.valid());

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("first-byte", "preset: pypi", "api simple");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void whatIsShownIsAConfigurationItself() throws Exception {
        String file = TestConfig.valid();

        Terminal terminal = Terminal.run("check", "--config", file);

        assertThat(ConfigLoader.load(terminal.out(), Path.of("").toAbsolutePath()))
                .isEqualTo(ConfigLoader.load(Path.of(file)));
    }

    @Test
    void everyProblemOfABadFileIsPrinted() {
        String file = TestConfig.file(THREE_PROBLEMS);

        Terminal terminal = Terminal.run("check", "--config", file);

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err().lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("detour: " + file + ":"))
                .anyMatch(line -> line.contains("\"soon\""))
                .anyMatch(line -> line.contains("\"warehose\""))
                .anyMatch(line -> line.contains("surprise"));
    }

    @Test
    void aMissingFileIsOneLine() {
        Terminal terminal = Terminal.run("check", "--config", "no-such-folder/detour.yaml");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err())
                .contains("no-such-folder/detour.yaml", "no such file")
                .hasLineCount(1);
    }

    @Test
    void problemsCanBeReadByPrograms() {
        Terminal terminal = Terminal.run("check", "--json", "--config", TestConfig.file(THREE_PROBLEMS));

        JsonNode result = JSON.readTree(terminal.out());
        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(result.path("valid").booleanValue()).isFalse();
        assertThat(result.path("problems").size()).isEqualTo(3);
        assertThat(result.path("problems").path(0).path("line").intValue()).isEqualTo(6);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void routesCanBeReadByPrograms() {
        Terminal terminal = Terminal.run("check", "--json", "--config", TestConfig.valid());

        JsonNode result = JSON.readTree(terminal.out());
        assertThat(terminal.exitCode()).isZero();
        assertThat(result.path("valid").booleanValue()).isTrue();
        assertThat(result.path("routes")).anySatisfy(route -> {
            assertThat(route.path("api").stringValue()).isEqualTo("upload");
            assertThat(route.path("backend").stringValue()).isEqualTo("warehouse");
        });
    }
}
