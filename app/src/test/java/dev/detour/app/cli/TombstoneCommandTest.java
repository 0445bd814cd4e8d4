package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.tombstone.Target;
import dev.detour.mirror.tombstone.Tombstone;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TombstoneCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = new RunningAdmin(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private Terminal add(String target, String... more) {
        String[] typed = {"mirror", "tombstone", "add", target, "--reason", "steals tokens", "--by", "ann"};
        String[] all = Arrays.copyOf(typed, typed.length + more.length);
        System.arraycopy(more, 0, all, typed.length, more.length);
        return Terminal.run(admin.at(all));
    }

    private Terminal type(String line) {
        return Terminal.run(admin.at(line.split(" ")));
    }

    @Test
    void oneIsAdded() {
        Terminal terminal = add("Demo==1.0");

        assertThat(terminal.out()).isEqualTo("demo==1.0 is withheld from now on\npurged 3 answers, 4 on disk\n");
        assertThat(admin.tombstones.inForce().tombstones())
                .containsExactly(new Tombstone(Target.parse("demo==1.0"), "steals tokens", "ann", RunningAdmin.NOW));
        assertThat(admin.cache.purges).hasSize(1);
    }

    @Test
    void aWarningIsItsOwnExitCode() {
        Terminal terminal = add("demo");

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).isEqualTo("detour: warning: no mirror is configured\n");
    }

    @Test
    void oneThatIsThereAlreadyIsShownAsItIs() {
        add("demo");

        Terminal terminal =
                Terminal.run(admin.at("mirror", "tombstone", "add", "DEMO", "--reason", "other", "--by", "bob"));

        assertThat(terminal.out())
                .startsWith("demo was withheld before, since 2026-03-01T12:00:00Z by ann: steals tokens\n");
    }

    @Test
    void whoTypesItIsNotedUnlessSaidOtherwise() {
        Terminal.run(admin.at("mirror", "tombstone", "add", "demo", "--reason", "r"));

        assertThat(Objects.requireNonNull(admin.tombstones.inForce().project("demo"))
                        .by())
                .isEqualTo(System.getProperty("user.name"));
    }

    @Test
    void allAreListed() {
        add("demo==1.0");
        add("demolib-1.0.tar.gz");

        Terminal terminal = type("mirror tombstone list");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).isEqualTo("""
                TARGET              SINCE                 BY   REASON
                demo==1.0           2026-03-01T12:00:00Z  ann  steals tokens
                demolib-1.0.tar.gz  2026-03-01T12:00:00Z  ann  steals tokens
                """);
    }

    @Test
    void noneIsSaidInWords() {
        assertThat(type("mirror tombstone list").out()).isEqualTo("nothing is withheld\n");
    }

    @Test
    void oneIsRemoved() {
        add("demo==1.0+local.1");

        Terminal terminal = type("mirror tombstone remove demo==1.0+local.1");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .isEqualTo("demo==1.0+local.1 is served again; it was withheld since 2026-03-01T12:00:00Z by ann:"
                        + " steals tokens\n");
        assertThat(admin.tombstones.inForce().isEmpty()).isTrue();
    }

    @Test
    void whatHasNoneCannotBeRemoved() {
        add("demo");

        Terminal terminal = type("mirror tombstone remove dmo");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err())
                .isEqualTo("detour: target: dmo (expected: something that has a tombstone, such as demo)\n");
    }

    @Test
    void whatCanBeNoTargetIsRefused() {
        Terminal terminal = add("demo>=1.0");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("target: demo>=1.0 (expected: NAME, NAME==VERSION or");
        assertThat(admin.tombstones.inForce().isEmpty()).isTrue();
    }

    @Test
    void programsGetJson() {
        JsonNode added = json(add("demo", "--json"));
        JsonNode listed = json(type("mirror tombstone list --json"));
        JsonNode removed = json(type("mirror tombstone remove demo --json"));

        assertThat(added.path("added").asBoolean()).isTrue();
        assertThat(listed.path("tombstones").path(0)).isEqualTo(added.path("tombstone"));
        assertThat(removed.path("removed")).isEqualTo(added.path("tombstone"));
    }

    private static JsonNode json(Terminal terminal) {
        return JsonMapper.builder().build().readTree(terminal.out());
    }

    @Test
    void anInstanceThatCannotBeAskedIsUnknown() {
        admin.close();

        assertThat(type("mirror tombstone list").exitCode()).isEqualTo(3);
    }
}
