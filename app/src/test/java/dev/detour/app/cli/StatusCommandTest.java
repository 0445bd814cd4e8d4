package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.mirror.MirrorStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class StatusCommandTest {
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
    void everythingWellIsShort() {
        Terminal terminal = Terminal.run(admin.at("status"));

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.out()).isEqualTo("""
                OK  detour 1.2.3, 2026-03-01T12:00:00Z

                mode everywhere: normal

                backend warehouse: breaker closed for 1d 1h; 1 of 64 requests in progress, 0 waiting
                  ENDPOINT        STANDING  FOR    LAST GOOD  IN USE  DRAINED  WHY
                  10.0.0.11:8443  up        1d 1h  1s ago     1       -
                  10.0.0.12:8443  up        1d 1h  1s ago     1       -

                cache: 1204 answers, 48 of 256 MiB; on disk 1024 of 4096 MiB, NOT WELL: /srv/copies: the disk is full

                mirror local: fit, age 3h 12m, serial 17
                """);
    }

    @Test
    void anOutageIsExplained() throws Exception {
        admin.backends = List.of(RunningAdmin.broken());
        admin.mirrors = Map.of("local", new MirrorStatus(false, null, "no project list"));
        admin.state.set(
                new ModeRule(Mode.READ_ONLY, null, null, null, null, "disks", RunningAdmin.NOW.minusSeconds(60)));
        admin.state.drain("warehouse", "index.internal:8443", true, "new disks", null);

        Terminal terminal = Terminal.run(admin.at("status"));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).isEqualTo("""
                CRITICAL  detour 1.2.3, 2026-03-01T12:00:00Z
                  backend warehouse: the breaker is open since 2026-03-01T11:57:55Z: tls_expired (certificate expired on\
                 2026-02-28), next trial at 2026-03-01T12:00:03.900Z
                  backend warehouse has no endpoint that is up and undrained since 2026-03-01T11:59:53Z
                  endpoint 10.0.0.11:8443 of backend warehouse is rejected since 2026-03-01T11:57:50Z: tls_expired\
                 (certificate expired on 2026-02-28)
                  endpoint 10.0.0.12:8443 of backend warehouse is ejected since 2026-03-01T11:59:53Z until\
                 2026-03-01T12:00:23Z: status_502
                  endpoint 10.0.0.12:8443 of backend warehouse is drained as index.internal:8443 since\
                 2026-03-01T12:00:00Z ("new disks")
                  backend warehouse: files.internal is not resolved: no such name
                  mirror local is not fit to serve: no project list
                  mode read-only everywhere since 2026-03-01T11:59:00Z ("disks")

                mode everywhere: read-only, since 2026-03-01T11:59:00Z, reason "disks"

                backend warehouse: breaker open for 2m 5s because of tls_expired: certificate expired on 2026-02-28, next\
                 trial in 3 s; 4 of 64 requests in progress, 2 waiting
                  ENDPOINT                              STANDING  FOR     LAST GOOD   IN USE  DRAINED             WHY
                  10.0.0.11:8443                        rejected  2m 10s  2m 11s ago  0       -                  \
                 tls_expired: certificate expired on 2026-02-28
                  10.0.0.12:8443 (index.internal:8443)  ejected   7s      never       4       for 0s "new disks" \
                 status_502: status 502, out for another 23s
                  files.internal is not resolved: no such name

                cache: 1204 answers, 48 of 256 MiB; on disk 1024 of 4096 MiB, NOT WELL: /srv/copies: the disk is full

                mirror local: NOT FIT, age unknown, no project list
                """);
    }

    @Test
    void aWarningIsExitCodeOne() throws Exception {
        admin.state.drain("warehouse", RunningAdmin.ONE, true, null, null);

        Terminal terminal = Terminal.run(admin.at("status"));

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).startsWith("WARNING  detour 1.2.3");
    }

    @Test
    void programsReadTheAnswerAsItIs() {
        admin.backends = List.of(RunningAdmin.broken());

        Terminal terminal = Terminal.run(admin.at("status", "--json"));

        var json = JsonMapper.builder().build().readTree(terminal.out());
        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(json.path("status").asString()).isEqualTo("critical");
        assertThat(json.path("backends").get(0).path("breaker").path("state").asString())
                .isEqualTo("open");
    }

    @Test
    void anInstanceThatIsNotThereIsUnknown() {
        String[] typed = admin.at("status");
        admin.close();

        Terminal terminal = Terminal.run(typed);

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err())
                .isEqualTo("detour: cannot connect to " + admin.url() + " (is Detour running there?)\n");
    }

    @Test
    void aTokenThatIsRefusedIsUnknown() throws Exception {
        Path other = Files.writeString(folder.resolve("other.token"), "0123456789abcdef0123456789abcdef");

        Terminal terminal = Terminal.run("status", "--admin", admin.url(), "--token-file", other.toString());

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains("other.token").hasLineCount(1);
    }

    @Test
    void watchingPaintsOverUntilInterruptedAndEndsWithTheLastState() {
        ScriptedScreen screen = new ScriptedScreen(
                true,
                () -> admin.backends = List.of(RunningAdmin.broken()),
                () -> Thread.currentThread().interrupt());

        Terminal terminal = Terminal.run(screen, admin.at("status", "--watch"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(screen.rests).isEqualTo(2);
        String[] pictures = terminal.out().split("\u001b\\[H", -1);
        assertThat(pictures).hasSize(3);
        assertThat(pictures[0]).isEmpty();
        assertThat(pictures[1])
                .startsWith("OK  detour 1.2.3, 2026-03-01T12:00:00Z\u001b[K\n")
                .endsWith("\u001b[J");
        assertThat(pictures[2]).startsWith("CRITICAL").endsWith("\u001b[J");
    }

    @Test
    void watchingAppendsWhereNothingCanBePaintedOver() {
        ScriptedScreen screen =
                new ScriptedScreen(false, () -> {}, () -> Thread.currentThread().interrupt());

        Terminal terminal = Terminal.run(screen, admin.at("status", "--watch"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(terminal.out()).doesNotContain("\u001b").startsWith("OK  detour");
        assertThat(terminal.out().lines().filter(line -> line.startsWith("OK  ")))
                .hasSize(2);
    }

    @Test
    void watchingGoesOnWhenTheInstanceGoesAway() {
        ScriptedScreen screen = new ScriptedScreen(
                true, () -> admin.close(), () -> Thread.currentThread().interrupt());

        Terminal terminal = Terminal.run(screen, admin.at("status", "--watch"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.out()).contains("OK  detour", "UNKNOWN  cannot connect to " + admin.url());
    }

    @Test
    void watchingForProgramsIsOneObjectALine() {
        ScriptedScreen screen =
                new ScriptedScreen(true, () -> {}, () -> Thread.currentThread().interrupt());

        Terminal terminal = Terminal.run(screen, admin.at("status", "--watch", "--json"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(terminal.out().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(JsonMapper.builder()
                                .build()
                                .readTree(line)
                                .path("status")
                                .asString())
                        .isEqualTo("ok"));
    }

    /** A screen that does one thing after each picture; a thread that was interrupted does not rest. */
    private static final class ScriptedScreen implements Screen {
        private final boolean repaints;
        private final List<Runnable> script;
        private int rests;

        ScriptedScreen(boolean repaints, Runnable... script) {
            this.repaints = repaints;
            this.script = List.of(script);
        }

        @Override
        public boolean repaints() {
            return repaints;
        }

        @Override
        public void rest(Duration length) throws InterruptedException {
            assertThat(length).isEqualTo(Duration.ofSeconds(1));
            script.get(rests).run();
            rests++;
            if (Thread.interrupted()) {
                throw new InterruptedException("by the test");
            }
        }
    }
}
