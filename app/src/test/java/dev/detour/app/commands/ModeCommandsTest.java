package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.commands.Terminal.Shown;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code detour mode} and {@code detour maintenance} against a running instance, and what its clients notice. */
@Timeout(60)
class ModeCommandsTest {
    private static final String PAGE = "/simple/demoapp/";
    private static final String UPLOAD = "POST /legacy/ HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 3\r\n\r\n--x";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private DemoSession instance;

    @SuppressWarnings("NullAway.Init")
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        instance = DemoSession.start(directory);
        terminal = new Terminal(instance);
    }

    @AfterEach
    void stop() {
        instance.close();
    }

    @Test
    void modeIsNormalAtFirst() {
        Shown shown = terminal.type("mode");

        assertThat(shown).isEqualTo(new Shown(0, "everywhere: normal\n", ""));
    }

    @Test
    void readOnlyRefusesUploadsAndServesReaders() throws Exception {
        Shown shown = terminal.type("mode", "read-only", "--message", "Back at 16:00 UTC", "--reason", "move");

        assertThat(shown.exitCode()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .startsWith("everywhere: read-only, since ")
                .contains("reason \"move\"", "message \"Back at 16:00 UTC\"");
        RawResponse upload = ask(UPLOAD);
        assertThat(upload.status()).isEqualTo(403);
        assertThat(upload.reason()).isEqualTo("Back at 16:00 UTC");
        RawResponse page = get(PAGE);
        assertThat(page.header("Detour-Source")).isEqualTo("backend");
        assertThat(page.header("Detour-Mode")).isEqualTo("read-only");
    }

    @Test
    void divertServesTheMirrorThoughTheIndexIsHealthy() throws Exception {
        terminal.type("mode", "divert");

        RawResponse page = get(PAGE);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Detour-Source")).isEqualTo("mirror");
        assertThat(page.header("Detour-Mode")).isEqualTo("divert");
        assertThat(instance.index().requestCount()).isZero();
    }

    @Test
    void offlineRefusesEverythingUntilModeIsNormalAgain() throws Exception {
        terminal.type("mode", "offline");
        RawResponse refused = get(PAGE);
        terminal.type("mode", "normal");
        RawResponse served = get(PAGE);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Detour-Mode")).isEqualTo("offline");
        assertThat(served.status()).isEqualTo(200);
        assertThat(served.header("Detour-Mode")).isNull();
    }

    @Test
    void modeOfOneRouteLeavesTheOthersAlone() throws Exception {
        Shown shown = terminal.type("mode", "offline", "--route", "simple-project");

        assertThat(shown.out()).contains("everywhere: normal\n", "route simple-project: offline");
        assertThat(get(PAGE).header("Detour-Mode")).isEqualTo("offline");
        RawResponse other = get("/simple/");
        assertThat(other.status()).isEqualTo(200);
        assertThat(other.header("Detour-Mode")).isNull();
    }

    @Test
    void modeOfABackendHoldsForItsRoutes() throws Exception {
        Shown shown = terminal.type("mode", "divert", "--backend", "warehouse");

        assertThat(shown.out()).contains("backend warehouse: divert");
        assertThat(get(PAGE).header("Detour-Source")).isEqualTo("mirror");
    }

    @Test
    void placeThatDoesNotExistIsRefusedInOneLine() {
        Shown shown = terminal.type("mode", "offline", "--backend", "wearhouse");

        assertThat(shown.exitCode()).isEqualTo(2);
        assertThat(shown.err()).startsWith("detour: ").contains("wearhouse", "warehouse");
        assertThat(shown.err().lines()).hasSize(1);
        assertThat(terminal.type("mode").out()).isEqualTo("everywhere: normal\n");
    }

    @Test
    void modeWithAnEndEndsByItself() throws Exception {
        Instant began = Instant.now();
        Shown shown = terminal.type("mode", "offline", "--for", "1500ms");
        assertThat(shown.out()).contains(", until ");
        assertThat(get(PAGE).header("Detour-Mode")).isEqualTo("offline");

        RawResponse page = get(PAGE);
        while (page.header("Detour-Mode") != null && began.plusSeconds(20).isAfter(Instant.now())) {
            page = get(PAGE);
        }

        assertThat(page.status()).isEqualTo(200);
        assertThat(Duration.between(began, Instant.now())).isBetween(Duration.ofMillis(1400), Duration.ofSeconds(5));
        assertThat(terminal.type("mode").out()).isEqualTo("everywhere: normal\n");
    }

    @Test
    void modesSurviveARestart() throws Exception {
        terminal.type("mode", "read-only", "--message", "Moving house", "--for", "2h");
        terminal.type("mode", "offline", "--route", "json-project");
        String before = terminal.type("mode").out();

        instance.close();
        start();

        assertThat(terminal.type("mode").out()).isEqualTo(before).contains("Moving house", "route json-project");
        assertThat(ask(UPLOAD).reason()).isEqualTo("Moving house");
        assertThat(get("/pypi/demoapp/json").status()).isEqualTo(503);
        assertThat(get(PAGE).status()).isEqualTo(200);
    }

    @Test
    void maintenanceIsReadOnlyModeUnderAnotherName() {
        terminal.type("maintenance", "on");
        String during = terminal.type("mode").out();
        terminal.type("maintenance", "off");
        String after = terminal.type("mode").out();

        assertThat(during).startsWith("everywhere: read-only");
        assertThat(after).startsWith("everywhere: normal");
    }

    @Test
    void programsGetJson() {
        terminal.type("mode", "divert");

        Shown shown = terminal.type("mode", "--json");

        JsonNode answer = JsonMapper.builder().build().readTree(shown.out());
        assertThat(answer.path("mode").asString()).isEqualTo("divert");
        assertThat(answer.path("modes").path(0).path("mode").asString()).isEqualTo("divert");
    }

    @Test
    void wrongTokenIsNoAnswerAboutTheMode() throws Exception {
        Path other = Files.writeString(directory.resolve("other.token"), "not-the-token\n");

        Shown shown = Terminal.typeExactly(
                "mode", "offline", "--admin", instance.adminUrl().toString(), "--token-file", other.toString());

        assertThat(shown.exitCode()).isEqualTo(3);
        assertThat(shown.err().lines()).hasSize(1);
        assertThat(terminal.type("mode").out()).isEqualTo("everywhere: normal\n");
    }

    private RawResponse get(String path) throws Exception {
        return ask("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private RawResponse ask(String request) throws Exception {
        try (RawClient client = RawClient.clear(instance.port())) {
            return client.send(request).read();
        }
    }
}
