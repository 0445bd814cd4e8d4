package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.DetourConfig;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServeCommandTest {
    @Test
    void theTargetGetsTheFileAndWhatItSays() {
        List<Path> files = new ArrayList<>();
        List<DetourConfig> configs = new ArrayList<>();
        String file = TestConfig.valid();

        Terminal terminal = Terminal.run(
                cli -> cli.serving((path, config) -> {
                    files.add(path);
                    configs.add(config);
                }),
                "serve",
                "--config",
                file);

        assertThat(terminal.exitCode()).isZero();
        assertThat(files).containsExactly(Path.of(file));
        assertThat(configs.get(0).backends()).containsOnlyKeys("warehouse");
    }

    @Test
    void aBadFileIsNotServed() {
        List<Path> served = new ArrayList<>();

        Terminal terminal = Terminal.run(
                cli -> cli.serving((path, config) -> served.add(path)),
                "serve",
                "--config",
                TestConfig.file("listeners: []"));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("listeners");
        assertThat(served).isEmpty();
    }

    @Test
    void aPortInUseIsOneLine() {
        Terminal terminal = Terminal.run(
                cli -> cli.serving((path, config) -> {
                    throw new BindException("cannot listen on 127.0.0.1:8080: address already in use");
                }),
                "serve",
                "--config",
                TestConfig.valid());

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err())
                .isEqualToIgnoringNewLines("detour: cannot listen on 127.0.0.1:8080: address already in use");
    }
}
