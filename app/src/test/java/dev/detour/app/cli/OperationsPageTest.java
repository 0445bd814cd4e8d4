package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.FailureKind;
import dev.detour.health.tls.TlsReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/operations.md says what can be typed, and explains every word that can be read. */
class OperationsPageTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private String page = "";

    @BeforeEach
    void read() throws IOException {
        // tests run in the folder of their module
        page = Files.readString(Path.of("..", "docs", "operations.md"));
    }

    @Test
    void everyCommandWorksInItsOrder() throws Exception {
        List<String> commands = commands();
        try (RunningAdmin admin = new RunningAdmin(folder)) {
            for (String command : commands) {
                // the picture that repeats itself is tested where it can be ended
                String once = command.replace(" --watch", "");

                Terminal terminal = Terminal.run(admin.at(words(once)));

                assertThat(terminal.exitCode()).as(command + ": " + terminal).isZero();
            }

            assertThat(commands).hasSizeGreaterThan(8);
            assertThat(admin.state.modes().rules()).isEmpty();
            assertThat(admin.state.drains().drains()).isEmpty();
        }
    }

    @Test
    void everyWordThatStatusPrintsIsExplained() {
        List<String> words = new ArrayList<>();
        Stream.of(Standing.values()).map(Standing::label).forEach(words::add);
        Stream.of(Mode.values()).map(Mode::label).forEach(words::add);
        Stream.of(TlsReason.values()).map(TlsReason::label).forEach(words::add);
        Stream.of(FailureKind.values())
                .filter(kind -> kind != FailureKind.TLS && kind != FailureKind.STATUS)
                .map(FailureKind::label)
                .forEach(words::add);

        assertThat(words).allSatisfy(word -> assertThat(page).contains("`" + word + "`"));
        assertThat(page).contains("`status_", "`tls_`");
    }

    @Test
    void thePageIsShortEnoughForTheNight() {
        assertThat(page.lines()).hasSizeLessThanOrEqualTo(150);
    }

    private List<String> commands() {
        return page.lines().filter(line -> line.startsWith("./detour ")).toList();
    }

    /** Words separated by spaces, where single quotes hold several together. */
    private static String[] words(String command) {
        return Arrays.stream(command.substring("./detour ".length()).split(" (?=(?:[^']*'[^']*')*[^']*$)"))
                .map(word -> word.replace("'", ""))
                .toArray(String[]::new);
    }
}
