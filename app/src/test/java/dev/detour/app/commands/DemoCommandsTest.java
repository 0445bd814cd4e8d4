package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.app.support.DetourProcess;
import dev.detour.app.support.DetourProcess.Ended;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo in one process, and the commands of a second terminal in others. */
@Timeout(90)
class DemoCommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PAGE = "/simple/demoapp/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path temporary;

    @SuppressWarnings("NullAway.Init")
    private static DetourProcess demo;

    private static int port;
    private static int adminPort;

    @BeforeAll
    static void startDemo() throws Exception {
        port = DetourProcess.freePort();
        adminPort = DetourProcess.freePort();
        demo = DetourProcess.start(
                temporary, "demo", "--port", Integer.toString(port), "--admin-port", Integer.toString(adminPort));
        demo.awaitLine("Stop with Ctrl-C.", LIMIT);
    }

    @AfterAll
    static void stopDemo() throws Exception {
        if (demo != null) {
            demo.close();
        }
    }

    @Test
    void brokenIndexIsDivertedUntilItIsHealed() throws Exception {
        assertThat(sourceOf(PAGE)).isEqualTo("backend");

        Ended broken = type("demo", "--admin-port", Integer.toString(adminPort), "break", "refuse");
        assertThat(broken.exitCode()).as(broken.toString()).isZero();
        assertThat(broken.out()).singleElement().asString().contains("refuses connections");
        assertThat(sourceOf(PAGE)).isEqualTo("mirror");
        assertThat(demo.awaitLine(" source=mirror ", LIMIT)).contains("\"GET " + PAGE + "\" 200", "reason=refused");

        Ended healed = type("demo", "--admin-port", Integer.toString(adminPort), "heal");
        assertThat(healed.exitCode()).as(healed.toString()).isZero();
        assertThat(sourceOf(PAGE)).isEqualTo("backend");
    }

    @Test
    void unknownFaultIsAnsweredWithTheList() throws Exception {
        Ended ended = type("demo", "--admin-port", Integer.toString(adminPort), "break", "sideways");

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(64);
        assertThat(ended.err())
                .first()
                .asString()
                .contains(
                        "sideways",
                        "tls-expired",
                        "tls-untrusted",
                        "refuse",
                        "reset",
                        "hang",
                        "slow",
                        "500",
                        "truncate");
    }

    @Test
    void demoThatDoesNotRunIsSaidToBeAbsent() throws Exception {
        int nobody = DetourProcess.freePort();

        Ended ended = type("demo", "--admin-port", Integer.toString(nobody), "heal");

        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(3);
        assertThat(ended.err()).singleElement().asString().contains("no demo", Integer.toString(nobody));
    }

    @Test
    void demoStopsWhenItIsAskedTo() throws Exception {
        int ownPort = DetourProcess.freePort();
        int ownAdmin = DetourProcess.freePort();
        try (DetourProcess another = DetourProcess.start(
                temporary, "demo", "--port", Integer.toString(ownPort), "--admin-port", Integer.toString(ownAdmin))) {
            another.awaitLine("Stop with Ctrl-C.", LIMIT);

            Ended ended = another.stop().await(LIMIT);

            assertThat(ended.exitCode()).isEqualTo(128 + 15);
            assertThat(String.join("\n", ended.err())).doesNotContain("Exception");
            assertThatThrownBy(() -> RawClient.clear(ownPort).close()).isInstanceOf(ConnectException.class);
        }
    }

    private static String sourceOf(String path) throws IOException {
        try (RawClient client = RawClient.clear(port)) {
            RawResponse response = client.get(path).read();
            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            return String.valueOf(response.header("Detour-Source"));
        }
    }

    private static Ended type(String... arguments) throws Exception {
        try (DetourProcess detour = DetourProcess.start(temporary, arguments)) {
            return detour.await(LIMIT);
        }
    }
}
