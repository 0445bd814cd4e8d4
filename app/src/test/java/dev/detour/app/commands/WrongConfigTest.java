package dev.detour.app.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoPackages;
import dev.detour.app.demo.DemoTree;
import dev.detour.app.support.DetourProcess;
import dev.detour.app.support.DetourProcess.Ended;
import dev.detour.testkit.TestCertificates;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the terminal shows of a configuration that cannot work: a line for each mistake, exit code 2, and no stack trace. */
@Timeout(60)
class WrongConfigTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @SuppressWarnings("NullAway.Init")
    private static TestCertificates certificates;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String listener = "address: 127.0.0.1:0";
    private String admin = "{address: 127.0.0.1:0, token-file: admin.token}";
    private String state = "state";
    private String backend = "endpoints: [https://127.0.0.1:1]";
    private String tree = "web";
    private String rest = "index: {preset: pypi, backend: warehouse, mirror: local}";

    @BeforeAll
    static void makeAuthority() {
        certificates = TestCertificates.create();
    }

    @BeforeEach
    void makeFiles() throws Exception {
        DemoTree.write(new DemoPackages(), directory.resolve("web"), Clock.systemUTC());
        certificates.server().write(directory);
        certificates.client().write(directory);
        certificates.writeCa(directory);
    }

    @Test
    void unknownKey() throws Exception {
        rest += "\ncolour: blue";

        assertOneLine(run("check"), "detour.yaml:10: colour", "unknown key");
    }

    @Test
    void missingBackend() throws Exception {
        rest = "index: {preset: pypi, backend: wearhouse, mirror: local}";

        assertOneLine(run("check"), "detour.yaml:9: index.backend", "\"wearhouse\"", "warehouse");
    }

    @Test
    void badDuration() throws Exception {
        backend = "endpoints: [https://127.0.0.1:1]\n    timeouts: {connect: 5 minutes}";

        assertOneLine(run("check"), "backends.warehouse.timeouts.connect", "\"5 minutes\"", "500ms");
    }

    @Test
    void keyThatIsNotThere() throws Exception {
        listener = "address: 127.0.0.1:0\n    tls: {certificate: server.crt, key: missing.key}";

        assertOneLine(run("check"), "listeners[0].tls.key", "missing.key", "no such file");
    }

    @Test
    void keyThatIsNoPem() throws Exception {
        Files.writeString(directory.resolve("server.key"), "this is no key\n");
        listener = "address: 127.0.0.1:0\n    tls: {certificate: server.crt, key: server.key}";

        assertOneLine(run("serve"), "listeners", "server.key");
    }

    @Test
    void certificateOfAnotherKey() throws Exception {
        listener = "address: 127.0.0.1:0\n    tls: {certificate: server.crt, key: client.key}";

        assertOneLine(run("serve"), "listeners", "server.crt", "client.key");
    }

    @Test
    void clientCertificateOfAnotherKey() throws Exception {
        backend = "endpoints: [https://127.0.0.1:1]\n"
                + "    tls: {trust: ca.pem, certificate: client.crt, key: server.key}";

        assertOneLine(run("serve"), "backends.warehouse.tls", "client.crt", "server.key");
    }

    @Test
    void trustThatHoldsNoCertificate() throws Exception {
        Files.writeString(directory.resolve("ca.pem"), "nobody\n");
        backend = "endpoints: [https://127.0.0.1:1]\n    tls: {trust: ca.pem}";

        assertOneLine(run("serve"), "backends.warehouse.tls", "ca.pem");
    }

    @Test
    void treeWithoutSimple() throws Exception {
        Files.createDirectories(directory.resolve("elsewhere"));
        tree = "elsewhere";

        assertOneLine(run("check"), "mirrors.local.tree", "elsewhere", "a directory without simple/");
    }

    @Test
    void portInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener = "address: 127.0.0.1:" + taken.getLocalPort();

            assertOneLine(run("serve"), "listeners", "127.0.0.1:" + taken.getLocalPort(), "in use");
        }
    }

    @Test
    void adminPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            admin = "{address: 127.0.0.1:%d, token-file: admin.token}".formatted(taken.getLocalPort());

            Ended ended = run("serve");

            assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(2);
            assertThat(ended.err()).last().asString().contains("127.0.0.1:" + taken.getLocalPort(), "in use");
            assertThat(String.join("\n", ended.err())).doesNotContain("\tat ", "Exception");
        }
    }

    @Test
    void stateDirectoryThatCannotBeMade() throws Exception {
        Files.writeString(directory.resolve("file"), "");
        state = "file/state";

        assertOneLine(
                run("serve"), "state directory", directory.resolve("file/state").toString());
    }

    @Test
    void fileThatIsNotThere() throws Exception {
        try (DetourProcess detour = DetourProcess.start(directory, "serve", "--config", "nowhere.yaml")) {
            assertOneLine(detour.await(LIMIT), "nowhere.yaml", "no such file");
        }
    }

    @Test
    void everyMistakeIsNamedAtOnce() throws Exception {
        backend = "endpoints: [https://127.0.0.1:1]\n    timeouts: {connect: soon}\n    retry: {attempts: 0}";
        tree = "nowhere";

        Ended ended = run("check");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).hasSize(3).allMatch(line -> line.matches("detour: detour\\.yaml:\\d+: .*expected: .*"));
    }

    @Test
    void goodFileIsShownWithItsDefaultsAndRoutes() throws Exception {
        Ended ended = run("check");

        assertThat(ended.exitCode()).as(ended.toString()).isZero();
        assertThat(ended.err()).isEmpty();
        assertThat(String.join("\n", ended.out()))
                .contains("breaker:", "minimum-calls: 10", "upload-outage-status: 403")
                .contains(
                        "#   simple-project: api simple, GET HEAD /simple/{project}/, backend warehouse, mirror local")
                .contains("#   upload: api upload, POST /legacy/, backend warehouse");
    }

    private Ended run(String command) throws Exception {
        Files.writeString(directory.resolve("detour.yaml"), """
                listeners:
                  - %s
                admin: %s
                state: %s
                backends:
                  warehouse:
                    %s
                mirrors: {local: {tree: %s}}
                %s
                """.formatted(listener, admin, state, backend, tree, rest));
        try (DetourProcess detour = DetourProcess.start(directory, command, "--config", "detour.yaml")) {
            return detour.await(LIMIT);
        }
    }

    private static void assertOneLine(Ended ended, String... parts) {
        assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().get(0)).startsWith("detour: ").contains(parts).doesNotContain("Exception", "internal");
    }
}
