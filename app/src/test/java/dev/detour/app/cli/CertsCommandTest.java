package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.CertificateRequest;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CertsCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final Screen COLOURED = () -> true;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** A year's certificate of which {@code days} have passed. */
    private String aged(String name, int days) {
        Instant from = Clock.systemUTC().instant().minus(Duration.ofDays(days)).minus(Duration.ofHours(1));
        CertificateRequest request =
                CERTIFICATES.request().withName(name).withValidity(from, from.plus(Duration.ofDays(365)));
        return CERTIFICATES.issue(request).write(folder).toString();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # age of 365 d, exit code, verdict
            30,  0, OK
            278, 1, DUE
            315, 1, LATE
            340, 2, CRITICAL
            400, 2, EXPIRED
            -3,  2, NOT YET VALID
            """)
    void theExitCodeIsThatOfTheWorstVerdict(int age, int exitCode, String verdict) {
        Terminal terminal = Terminal.run("certs", aged("good", 10), aged("judged", age));

        assertThat(terminal.exitCode()).as(terminal.toString()).isEqualTo(exitCode);
        assertThat(terminal.out()).contains("CN=judged", verdict, "judged.crt #1", "2 certificates");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    void theMostUrgentComesFirstWithBarAndReason() {
        Terminal terminal = Terminal.run("certs", aged("good", 10), aged("due", 278));

        assertThat(terminal.out().lines().skip(1).findFirst())
                .get()
                .asString()
                .startsWith("[#######...]  76%")
                .contains("CN=due", "76 % of its 365 d are used; 86 d are left; renew before ");
    }

    @ParameterizedTest
    @CsvSource({
        "--warn=50%, 200, 1",
        "--warn=60%, 200, 0",
        "--warn=180d, 200, 1",
        "--critical=50%, 200, 2",
        "--critical=12h, 340, 1",
        "--warn=5d, 340, 2"
    })
    void thresholdsCanBeSet(String option, int age, int exitCode) {
        Terminal terminal = Terminal.run("certs", option, aged("judged", age));

        assertThat(terminal.exitCode()).as(terminal.toString()).isEqualTo(exitCode);
    }

    @Test
    void whatCannotBeReadIsListedAndIsAWarning() throws Exception {
        String good = aged("good", 10);
        Path bad = Files.writeString(folder.resolve("bad.pem"), "garbage");

        Terminal terminal = Terminal.run("certs", good, bad.toString());

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).contains("not looked at: " + bad + ": nothing that holds certificates", "CN=good");
    }

    @Test
    void nothingThatCouldBeLookedAtIsUnknown() {
        Terminal terminal = Terminal.run("certs", folder.resolve("gone").toString());

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.out()).contains("no such file");
    }

    @Test
    void colourIsForTerminals() {
        String late = aged("due", 278);

        assertThat(Terminal.run(COLOURED, "certs", late).out()).contains("\u001b[33m");
        assertThat(Terminal.run("certs", late).out()).doesNotContain("\u001b");
    }

    @Test
    void theResultCanBeReadByPrograms() {
        Terminal terminal = Terminal.run("certs", "--json", aged("due", 278));

        JsonNode result = JSON.readTree(terminal.out());
        JsonNode entry = result.path("certificates").path(0);
        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(result.path("exitCode").intValue()).isEqualTo(1);
        assertThat(entry.path("verdict").stringValue()).isEqualTo("due");
        assertThat(entry.path("used").doubleValue()).isBetween(0.76, 0.77);
        assertThat(Instant.parse(entry.path("certificate").path("notAfter").stringValue()))
                .isAfter(Instant.parse(result.path("at").stringValue()));
    }

    @Test
    void aGoodServerIsFine() throws Exception {
        try (Server server = new Server(CERTIFICATES.server())) {
            Terminal terminal = Terminal.run("certs", "--trust", trust(), server.place());

            assertThat(terminal.exitCode()).as(terminal.toString()).isZero();
            assertThat(terminal.out()).contains("CN=server", server.place() + " #1");
        }
    }

    @Test
    void aServersBrokenChainIsCritical() throws Exception {
        try (Server server = new Server(CERTIFICATES.wrongHost())) {
            Terminal terminal = Terminal.run("certs", "--trust", trust(), server.place());

            assertThat(terminal.exitCode()).isEqualTo(2);
            assertThat(terminal.out()).contains("hostname_mismatch: is for other.example, not for localhost");
        }
    }

    @Test
    void allDefectsOfAServerAreShown() throws Exception {
        try (Server server = new Server(CERTIFICATES.expiredUntrusted())) {
            Terminal terminal = Terminal.run("certs", "--trust", trust(), "--json", server.place());

            JsonNode defects =
                    JSON.readTree(terminal.out()).path("servers").path(0).path("defects");
            assertThat(terminal.exitCode()).isEqualTo(2);
            assertThat(defects.size()).isEqualTo(2);
            assertThat(defects.path(0).path("kind").stringValue()).isEqualTo("expired");
            assertThat(defects.path(1).path("kind").stringValue()).isEqualTo("missing_intermediate");
        }
    }

    @Test
    void withoutTrustTheAuthoritiesOfJavaAreMeant() throws Exception {
        try (Server server = new Server(CERTIFICATES.server())) {
            Terminal terminal = Terminal.run("certs", server.place());

            assertThat(terminal.exitCode()).isEqualTo(2);
            assertThat(terminal.out()).contains("neither sent along nor trusted");
        }
    }

    @Test
    void aServerThatIsGoneIsAWarningBesideWhatWasSeen() throws Exception {
        String place;
        try (Server server = new Server(CERTIFICATES.server())) {
            place = server.place();
        }

        Terminal terminal = Terminal.run("certs", aged("good", 10), place);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).contains("not looked at: " + place + ": no connection");
    }

    @Test
    void withoutAPlaceAnInstanceIsAsked() {
        Terminal terminal = Terminal.run(
                "certs",
                "--admin",
                "http://127.0.0.1:1",
                "--token-file",
                folder.resolve("none").toString());

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains(folder.resolve("none").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "certs --warn 75%",
                "certs --warn 30m a.pem",
                "certs --critical much a.pem",
                "certs --bogus a.pem"
            })
    void aWrongCommandLineExitsWith64(String line) {
        Terminal terminal = Terminal.run(line.split(" "));

        assertThat(terminal.exitCode()).isEqualTo(64);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).startsWith("detour: ").doesNotContain("\tat ");
    }

    @Test
    void aTrustFileWithoutAuthoritiesIsNamed() {
        Terminal terminal =
                Terminal.run("certs", "--trust", folder.resolve("gone.pem").toString(), "localhost:1");

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.err()).contains("no authority to trust", "gone.pem").hasLineCount(1);
    }

    private String trust() {
        return CERTIFICATES.writeCa(folder).toString();
    }

    /** A TLS server on a port of the kernel's choice. */
    private static final class Server implements AutoCloseable {
        private final SSLServerSocket listening;
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        Server(TestIdentity identity) throws IOException {
            listening = (SSLServerSocket) identity.serverContext()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            thread.execute(this::serve);
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                    ((SSLSocket) socket).startHandshake();
                    socket.getInputStream().read();
                } catch (IOException e) {
                    // the client has seen enough, or the test is over
                }
            }
        }

        String place() {
            return "localhost:" + listening.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listening.close();
            thread.shutdownNow();
        }
    }
}
