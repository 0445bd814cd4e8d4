package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manual says what the loader does. */
class ConfigurationPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| .{5,} \\|$");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

    @TempDir
    Path directory;

    @Test
    void itNamesEveryKeyWithTypeAndDefaultAndNoOther() {
        List<Setting> documented = ROW.matcher(page())
                .results()
                .map(row -> new Setting(row.group(1), row.group(2), row.group(3).replace("`", "")))
                .toList();

        assertThat(documented).isEqualTo(Setting.ALL);
    }

    static Stream<String> blocks() {
        return BLOCK.matcher(page()).results().map(block -> block.group(1));
    }

    @Test
    void itHasExamples() {
        assertThat(blocks()).hasSizeGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void everyExampleLoads(String text) throws Exception {
        DetourConfig config = ConfigLoader.load(text, ConfigFiles.in(directory));

        assertThat(config.routes()).isNotEmpty();
    }

    @Test
    void theProblemItShowsIsTheOneThatIsReported() {
        String shown = Pattern.compile("(?ms)^```text\n(.*?)\n```$")
                .matcher(page())
                .results()
                .map((MatchResult block) -> block.group(1))
                .findFirst()
                .orElseThrow();

        assertThat(new Problem(
                        "detour.yaml",
                        12,
                        "backends.warehouse.timeouts.connect",
                        Problems.quoted("1 sec"),
                        Notation.DURATION.expected()))
                .hasToString(shown);
    }

    @Test
    void itHasNoKeyThatTakesEffectLater() {
        assertThat(page().lines().filter(line -> line.contains("takes effect in a later version")))
                .isEmpty();
    }

    private static String page() {
        try {
            return Files.readString(Path.of("..", "docs", "configuration.md"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
