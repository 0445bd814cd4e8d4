package dev.detour.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CrlCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final CrlIssuer ISSUER = CrlIssuer.create("CN=Build CA,O=Detour test");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aGoodCrlIsShown() throws Exception {
        String file = write("a.crl", ISSUER.crl(100));

        Terminal terminal = Terminal.run("crl", file, "--limit", "consul");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.err()).isEmpty();
        assertThat(terminal.out())
                .startsWith("OK  " + file + "\n")
                .containsPattern("issuer +CN=Build CA,O=Detour test\n")
                .containsPattern("number +4711\n")
                .containsPattern("entries +100\n")
                .containsPattern("size +\\d+ bytes, 0\\.8 % of 524288 \\(consul\\)\n")
                .containsPattern("this update +\\S+Z \\(1h[^)]* ago\\)\n")
                .containsPattern("next update +\\S+Z \\(in (?:3d|2d 23h)[^)]*\\)\n")
                .containsPattern("signature +not checked \\(SHA256withECDSA\\)\n");
    }

    @Test
    void pemIsReadToo() throws Exception {
        Path file = Files.writeString(folder.resolve("a.pem"), CrlIssuer.pem("X509 CRL", ISSUER.crl(5)));

        Terminal terminal = Terminal.run("crl", file.toString());

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).containsPattern("entries +5\n");
    }

    @Test
    void aCrlOverTheLimitIsCritical() throws Exception {
        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(100)), "--limit", "4000");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out())
                .startsWith("CRITICAL  ")
                .containsPattern("over the limit: \\d+ bytes of 4000 \\(4000\\)");
    }

    @Test
    void sevenTenthsOfTheLimitAreAWarning() throws Exception {
        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(100)), "--limit", "5KiB");

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out())
                .startsWith("WARNING  ")
                .containsPattern("\\d\\d\\.\\d % of the limit \\(5KiB\\) is used");
    }

    @Test
    void aStaleCrlIsCritical() throws Exception {
        Instant past = ISSUER.now().minus(Duration.ofMinutes(5));

        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1, past)));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).contains("stale: the next one was due at " + past);
    }

    @Test
    void aSignatureIsCheckedAgainstTheIssuer() throws Exception {
        String issuer = ISSUER.writeCertificate(folder).toString();

        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1)), "--issuer", issuer);

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).containsPattern("signature +good \\(SHA256withECDSA\\)\n");
    }

    @Test
    void aBrokenSignatureIsCritical() throws Exception {
        byte[] crl = ISSUER.crl(1);
        crl[crl.length - 1] ^= 1;
        String issuer = ISSUER.writeCertificate(folder).toString();

        Terminal terminal = Terminal.run("crl", write("a.crl", crl), "--issuer", issuer);

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).contains("the signature is broken", "BROKEN (SHA256withECDSA)");
    }

    @Test
    void anotherIssuerCannotCheckTheSignature() throws Exception {
        String other = CrlIssuer.create("CN=Other CA").writeCertificate(folder).toString();

        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1)), "--issuer", other);

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).contains("the signature was not checked: no certificate of its issuer was given");
    }

    @Test
    void theRestartThatRevokesEverythingIsAWarningBeforehand() throws Exception {
        String file = write("a.crl", ISSUER.crl(10));

        Terminal fits = Terminal.run("crl", file, "--limit", "consul", "--live", "13000");
        Terminal doesNot = Terminal.run("crl", file, "--limit", "consul", "--live", "13500");

        assertThat(fits.exitCode()).isZero();
        assertThat(doesNot.exitCode()).isEqualTo(1);
        assertThat(doesNot.out())
                .contains("revoking every live certificate at once would make it ")
                .containsPattern("all revoked +\\d+ bytes, 100\\.5 % of 524288 \\(consul\\)\n");
    }

    @Test
    void aLifetimeTellsWhatCouldBePrunedAndWhereTheSizeSettles() throws Exception {
        // an hourly revocation for a thousand hours, which are more than 41 days
        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1_000)), "--lifetime", "30d");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out())
                .containsPattern("unpruned +at least (1[89]|20)\\d entries of expired certificates\n")
                .containsPattern("steady state +2[89]\\d\\d\\d bytes\n");
    }

    @Test
    void aHistoryTellsWhenTheLimitIsReached() throws Exception {
        byte[] crl = ISSUER.crl(1_000);
        String file = write("a.crl", crl);
        Path history = folder.resolve("history.jsonl");
        StringBuilder past = new StringBuilder();
        for (int day = 10; day > 0; day--) {
            past.append(String.format(
                    "{\"time\":\"%s\",\"source\":\"%s\",\"issuer\":\"CN=Build CA,O=Detour test\",\"number\":\"%d\","
                            + "\"bytes\":%d,\"entries\":%d}%n",
                    ISSUER.now().minus(Duration.ofDays(day)),
                    file,
                    4_711 - day,
                    crl.length - 1_000 * day,
                    1_000 - 25 * day));
        }
        Files.writeString(history, past);

        Terminal terminal = Terminal.run(
                "crl", file, "--limit", Integer.toString(crl.length + 20_500), "--history", history.toString());

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.out()).containsPattern("limit reached +\\S+Z \\(in 20d 1\\dh\\)\n");
        assertThat(Files.readAllLines(history)).hasSize(11);
    }

    @Test
    void aFileThatIsNoHistoryIsLeftAlone() throws Exception {
        Path log = Files.writeString(folder.resolve("access.log"), "GET /\n");

        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1)), "--history", log.toString());

        assertThat(terminal.exitCode()).isEqualTo(1);
        assertThat(terminal.err()).startsWith("detour: --history: ").contains("is not a history of CRLs");
        assertThat(terminal.out()).startsWith("OK  ");
        assertThat(log).hasContent("GET /\n");
    }

    @Test
    void whatIsNoCrlIsCriticalAndNamed() throws Exception {
        byte[] crl = ISSUER.crl(1);

        Terminal terminal = Terminal.run("crl", write("a.crl", Arrays.copyOf(crl, crl.length + 3)));

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).contains("trailing bytes after the end of the CRL at byte " + crl.length);
    }

    @Test
    void nothingIsKnownIfNothingCouldBeRead() {
        Terminal terminal = Terminal.run("crl", "no-such.crl");

        assertThat(terminal.exitCode()).isEqualTo(3);
        assertThat(terminal.out()).isEqualTo("UNKNOWN  no-such.crl\n  no such file\n");
    }

    @Test
    void oneThatCannotBeReadAmongOthersIsCritical() throws Exception {
        Terminal terminal = Terminal.run("crl", write("a.crl", ISSUER.crl(1)), "no-such.crl");

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.out()).contains("OK  ", "\nCRITICAL  no-such.crl\n  no such file\n");
    }

    @Test
    void aUrlIsFetched() throws Exception {
        byte[] crl = ISSUER.crl(50);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/pki/crl", exchange -> {
            exchange.sendResponseHeaders(200, crl.length);
            exchange.getResponseBody().write(crl);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/pki/crl";

            Terminal terminal = Terminal.run("crl", url);
            Terminal missing = Terminal.run("crl", url.replace("pki", "other"));

            assertThat(terminal.exitCode()).isZero();
            assertThat(terminal.out()).startsWith("OK  " + url).containsPattern("entries +50\n");
            assertThat(missing.exitCode()).isEqualTo(3);
            assertThat(missing.out()).contains("answered 404 (expected: 200)");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theResultCanBeReadByPrograms() throws Exception {
        String file = write("a.crl", ISSUER.crl(100));

        Terminal terminal = Terminal.run(
                "crl", "--json", file, "no-such.crl", "--limit", "raft", "--live", "7", "--lifetime", "24h");

        JsonNode result = JSON.readTree(terminal.out());
        JsonNode crl = result.path("crls").path(0);
        assertThat(result.path("status").stringValue()).isEqualTo("critical");
        assertThat(result.path("limit").path("bytes").longValue()).isEqualTo(1_048_576);
        assertThat(crl.path("status").stringValue()).isEqualTo("ok");
        assertThat(crl.path("number").stringValue()).isEqualTo("4711");
        assertThat(crl.path("bytes").longValue()).isEqualTo(Files.size(Path.of(file)));
        assertThat(crl.path("entries").longValue()).isEqualTo(100);
        assertThat(crl.path("shockBytes").longValue()).isEqualTo(Files.size(Path.of(file)) + 7 * 39);
        assertThat(crl.path("signature").stringValue()).isEqualTo("no_issuer");
        assertThat(crl.path("limitReached").isNull()).isTrue();
        assertThat(result.path("crls").path(1).path("problem").stringValue()).isEqualTo("no such file");
    }

    @Test
    void helpTellsTheExitCodes() {
        Terminal terminal = Terminal.run("crl", "--help");

        assertThat(terminal.exitCode()).isZero();
        assertThat(terminal.out()).contains("1 at 70 % of the limit", "--limit=STORE|SIZE", "FILE|URL...");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            crl a.crl --limit etcd           | "etcd" (expected: consul, raft, dynamodb, or a size such as 512KiB, 2MB)
            crl a.crl --lifetime soon        | "soon" (expected: a duration such as 500ms, 2s, 5m, 24h)
            crl a.crl --live many            | "many" (expected: a number of certificates)
            crl --limit consul               | --limit, --issuer, --trust, --lifetime, --live and --history are for a FILE or URL
            crl http://                      | "http://" (expected: a URL such as
            crl http://me:secret@10.0.0.1/   | a URL with a password in it (expected: one without)
            """)
    void aWrongCommandLineIsNamedWithWhatWasExpected(String line, String named) {
        Terminal terminal = Terminal.run(line.split(" "));

        assertThat(terminal.exitCode()).isEqualTo(64);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).startsWith("detour: ").contains(named).doesNotContain("secret", "\tat ");
    }

    @ParameterizedTest
    @CsvSource({"no-such.pem, no such file", "a.crl, expected: certificates in PEM or DER"})
    void anIssuerThatIsNoneIsNamed(String name, String why) throws Exception {
        String crl = write("a.crl", ISSUER.crl(1));

        Terminal terminal =
                Terminal.run("crl", crl, "--issuer", folder.resolve(name).toString());

        assertThat(terminal.exitCode()).isEqualTo(2);
        assertThat(terminal.err()).contains("--issuer", name, why).hasLineCount(1);
    }

    private String write(String name, byte[] crl) throws Exception {
        return Files.write(folder.resolve(name), crl).toString();
    }
}
