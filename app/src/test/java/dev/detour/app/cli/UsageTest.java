package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bogus",
                "check",
                "check --config",
                "check --config a.yaml more",
                "mode sideways",
                "mode read-only --until tomorrow",
                "mode read-only --for 2h --until 2026-01-31T18:00Z",
                "mode read-only --backend b --route r",
                "mode --message later",
                "mode --admin 127.0.0.1:9901",
                "drain",
                "drain warehouse",
                "drain warehouse 10.0.0.11:8443 more",
                "status more",
                "maintenance",
                "mirror",
                "mirror tombstone",
                "mirror tombstone add demo",
                "mirror tombstone add --reason malware",
                "mirror tombstone list more",
                "mirror tombstone remove",
                "maintenance perhaps"
            })
    void aWrongCommandLineExitsWith64AndPrintsNothingOnStandardOutput(String line) {
        Terminal terminal = Terminal.run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(terminal.exitCode()).isEqualTo(64);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).startsWith("detour: ").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mode sideways                        | "sideways" (expected: one of normal, read-only, divert, offline)
            mode divert --until tomorrow         | "tomorrow" (expected: a time such as 2026-01-31T18:00
            mode --admin ftp://host              | "ftp://host" (expected: a URL such as http://127.0.0.1:9901)
            maintenance perhaps                  | "perhaps" (expected: on or off)
            check                                | --config=FILE
            bogus                                | 'bogus'
            """)
    void aWrongValueIsNamedWithWhatWasExpected(String line, String named) {
        Terminal terminal = Terminal.run(line.split(" "));

        assertThat(terminal.err()).contains(named);
    }

    @Test
    void aCommandWithoutTargetDoesNotExist() {
        Terminal terminal = Terminal.run("serve", "--config", "detour.yaml");

        assertThat(terminal.exitCode()).isEqualTo(64);
    }

    @Test
    void helpIsAResult() {
        Terminal terminal = Terminal.run("--help");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("check", "status", "drain", "mode", "maintenance", "64 usage");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void aFailureNobodyForesawIsOneLineWithoutStackTrace() {
        ServeTarget broken = (file, config) -> {
            throw new IllegalStateException("loop 3 is gone");
        };

        Terminal terminal = Terminal.run(cli -> cli.serving(broken), "serve", "--config", TestConfig.valid());

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("internal error", "loop 3 is gone").hasLineCount(1);
    }
}
