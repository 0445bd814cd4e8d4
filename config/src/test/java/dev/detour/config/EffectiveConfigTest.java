package dev.detour.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveConfigTest {
    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @ParameterizedTest
    @ValueSource(strings = {ConfigFiles.FULL, ConfigFiles.LEAST})
    void whatIsDescribedLoadsAsTheSameConfiguration(String text) throws Exception {
        DetourConfig config = ConfigLoader.load(text, ConfigFiles.in(directory));

        String described = EffectiveConfig.describe(config);

        assertThat(ConfigLoader.load(described, elsewhere)).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null", "~", "true", "1e3", "0x10", "a: b", "a #b", "'", "\"", "\\", "*", "- x", "é", "{a}", "%", " x "
            })
    void awkwardValuesSurvive(String value) throws Exception {
        String text = ConfigFiles.FULL.replace("{page: 1}", "{page: '" + value.replace("'", "''") + "'}");
        DetourConfig config = ConfigLoader.load(text, ConfigFiles.in(directory));

        String described = EffectiveConfig.describe(config);

        assertThat(config.routes().get(0).match().query()).containsEntry("page", value);
        assertThat(ConfigLoader.load(described, elsewhere)).isEqualTo(config);
    }

    @Test
    void defaultsAreWrittenOut() throws Exception {
        String described = EffectiveConfig.describe(ConfigLoader.load(ConfigFiles.LEAST, directory));

        assertThat(described)
                .contains("first-byte: 5s", "failure-rate: 50%", "hold-up-to: 64KiB", "memory: 256MiB")
                .contains("token-file: " + directory.resolve("admin.token"));
    }

    @Test
    void theRoutesOfThePresetFollowInMatchingOrder() throws Exception {
        String described = EffectiveConfig.describe(ConfigLoader.load(ConfigFiles.FULL, ConfigFiles.in(directory)));

        assertThat(described.lines())
                .containsSubsequence(
                        "#   simple-index: api simple, GET HEAD /simple/, backend warehouse, mirror local,"
                                + " fallback [stale, mirror, refuse]",
                        "#   xmlrpc: api xmlrpc, POST /pypi, header Content-Type: text/xml*, backend warehouse,"
                                + " mirror local, fallback [refuse]",
                        "#   other: api other, any method /**, backend warehouse, mirror local, fallback [refuse]");
    }
}
