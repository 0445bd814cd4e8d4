package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.admin.AdminServer;
import dev.detour.admin.mode.ModeRoutes;
import dev.detour.admin.mode.Places;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.fleet.LocalOperatorState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The commands against a real admin listener with real state on disk. */
class ModeCommandTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path folder;

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private LocalOperatorState state;
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        state = LocalOperatorState.open(folder.resolve("state"), clock, scheduler);
        Places places = new Places(Set.of("warehouse"), Set.of("docs"));
        server = AdminServer.start(
                new AdminConfig(new HostPort("127.0.0.1", 0), token()), ModeRoutes.of(state, () -> places, clock));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        state.close();
        scheduler.shutdownNow();
    }

    @Test
    void withoutAModeItShowsWhatIsInForce() {
        Terminal terminal = mode();

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).isEqualTo("everywhere: normal\n");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void aModeIsSetWithEverythingSaidAboutIt() {
        Terminal terminal = mode("read-only", "--message", "Back at noon", "--for", "2h", "--reason", "disks");

        Instant end = NOW.plusSeconds(7200);
        assertThat(terminal.exitCode()).isZero();
        assertThat(state.modes().rules())
                .containsExactly(new ModeRule(Mode.READ_ONLY, null, null, "Back at noon", end, "disks", NOW));
        assertThat(terminal.out())
                .isEqualTo("everywhere: read-only, since " + NOW + ", until " + end
                        + ", reason \"disks\", message \"Back at noon\"\n");
    }

    @Test
    void aModeCanHoldForOneBackendOrRoute() {
        mode("divert", "--backend", "warehouse");

        Terminal terminal = mode("offline", "--route", "docs");

        assertThat(terminal.out().lines())
                .containsExactlyInAnyOrder(
                        "everywhere: normal",
                        "backend warehouse: divert, since " + NOW,
                        "route docs: offline, since " + NOW);
    }

    @Test
    void anEndWithOffsetIsThatInstant() {
        mode("divert", "--until", "2026-03-01T18:00+01:00");

        assertThat(state.modes().rules().get(0).until()).isEqualTo(Instant.parse("2026-03-01T17:00:00Z"));
    }

    @Test
    void maintenanceOnIsReadOnlyAndOffIsNormal() {
        Terminal on = run("maintenance", "on", "--reason", "upgrade");
        Terminal off = run("maintenance", "off");

        assertThat(on.out()).startsWith("everywhere: read-only").contains("\"upgrade\"");
        assertThat(off.out()).isEqualTo("everywhere: normal\n");
    }

    @Test
    void modesCanBeReadByPrograms() {
        mode("offline");

        Terminal terminal = mode("--json");

        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(terminal.out())
                        .path("mode")
                        .stringValue())
                .isEqualTo("offline");
    }

    @Test
    void whatTheInstanceRefusesIsInvalidAndNothingChanges() {
        Terminal terminal = mode("divert", "--backend", "nobody");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err())
                .contains("backend", "nobody", "warehouse")
                .startsWith("detour: ")
                .hasLineCount(1);
        assertThat(state.modes().rules()).isEmpty();
    }

    @Test
    void aWrongTokenLeavesTheModeUnknown() throws Exception {
        Path other = Files.writeString(folder.resolve("other.token"), "0123456789abcdef0123456789abcdef");

        Terminal terminal = Terminal.run("mode", "--admin", url(), "--token-file", other.toString());

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains("other.token").hasLineCount(1);
    }

    @Test
    void aMissingTokenFileLeavesTheModeUnknown() {
        Terminal terminal = Terminal.run("mode", "--admin", url(), "--token-file", "none.token");

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains("none.token").hasLineCount(1);
    }

    @Test
    void anInstanceThatIsNotThereLeavesTheModeUnknown() throws IOException {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }

        Terminal terminal =
                Terminal.run("mode", "--admin", "http://127.0.0.1:" + port, "--token-file", token().toString());

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains("127.0.0.1:" + port).hasLineCount(1);
    }

    private Terminal mode(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "mode";
        System.arraycopy(args, 0, all, 1, args.length);
        return run(all);
    }

    private Terminal run(String... args) {
        String[] all = new String[args.length + 4];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "--admin";
        all[args.length + 1] = url();
        all[args.length + 2] = "--token-file";
        all[args.length + 3] = token().toString();
        return Terminal.run(all);
    }

    private Path token() {
        return folder.resolve("admin.token");
    }

    private String url() {
        return "http://127.0.0.1:" + server.address().getPort();
    }
}
