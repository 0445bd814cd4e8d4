package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.cache.Purge;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgeCommandTest {
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

    @Test
    void addressesAreMarkedStale() {
        Terminal terminal = Terminal.run(admin.at("purge", "/simple/x/", "https://pypi.example/simple/y/"));

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).isEqualTo("purged 3 answers, 4 on disk (marked stale)\n");
        assertThat(admin.cache.purges)
                .containsExactly(
                        new Purge(List.of("/simple/x/", "https://pypi.example/simple/y/"), List.of(), false, false));
    }

    @Test
    void keysCanBeRepeated() {
        Terminal terminal = Terminal.run(admin.at("purge", "--key", "project/x", "--key", "all-html", "--hard"));

        assertThat(terminal.out()).isEqualTo("purged 3 answers, 4 on disk\n");
        assertThat(admin.cache.purges)
                .containsExactly(new Purge(List.of(), List.of("project/x", "all-html"), false, true));
    }

    @Test
    void everythingIsPurgedOnlyWhenAskedFor() {
        assertThat(Terminal.run(admin.at("purge", "--all")).exitCode()).isZero();

        assertThat(admin.cache.purges).containsExactly(new Purge(List.of(), List.of(), true, false));
    }

    @Test
    void jsonIsTheInstancesAnswer() {
        assertThat(Terminal.run(admin.at("purge", "--all", "--json")).out().strip())
                .isEqualToIgnoringWhitespace("{\"purged\":3,\"onDisk\":4}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"purge", "purge --hard", "purge --all --key k", "purge /simple/x/ --all"})
    void whatDoesNotSayExactlyOneThingIsNotDone(String typed) {
        assertThat(Terminal.run(admin.at(typed.split(" "))).exitCode()).isEqualTo(64);

        assertThat(admin.cache.purges).isEmpty();
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        Terminal terminal = Terminal.run(admin.at("purge", "simple/x/"));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("simple/x/");
        assertThat(admin.cache.purges).isEmpty();
    }

    @Test
    void statusShowsWhatIsKept() {
        assertThat(Terminal.run(admin.at("status")).out())
                .contains(
                        "\ncache: 1204 answers, 48 of 256 MiB; on disk 1024 of 4096 MiB, NOT WELL: /srv/copies: the disk is full\n");
    }
}
