package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backend that fails inside a body that is already on its way: the client sees a broken transfer, never a clean end. */
class FailureAfterCommitTest {
    /** Long enough for what was sent before it to reach the client. */
    private static final Duration PAUSE = Duration.ofMillis(60);

    private final FakeBackend backend = FakeBackend.clear();
    private final StubMirror mirror = StubMirror.page();

    @TempDir
    Path directory = Path.of(".");

    @AfterEach
    void stop() {
        backend.close();
    }

    private ProxyDescription described() {
        return RunningProxy.with()
                .endpoints(backend)
                .betweenBytes(Duration.ofMillis(200))
                .firstByte(Duration.ofMillis(500))
                .holdUpTo(1000)
                .mirror(mirror);
    }

    private static void assertBroken(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("detour-source")).isEqualTo("backend");
        assertThat(response.end()).isIn(RawResponse.End.RESET, RawResponse.End.TRUNCATED);
    }

    private void assertGetIsBroken(String reason) throws Exception {
        try (RunningProxy proxy = described().start()) {
            assertBroken(proxy.get("/simple/x/"));

            String line = proxy.accessLine("/simple/x/");
            assertThat(line).contains("source=backend failure=" + reason + " aborted=true");
            assertThat(proxy.attempts(reason)).isEqualTo(1);
        }
        assertThat(mirror.asked()).isEmpty();
    }

    @Test
    void aLengthThatIsNotReached() throws Exception {
        backend.answer(Answer.truncatedLength("x".repeat(2000), 4000));

        assertGetIsBroken("truncated");
    }

    @Test
    void chunksWithoutTheLastOne() throws Exception {
        backend.answer(Answer.truncatedChunked("x".repeat(2000)));

        assertGetIsBroken("truncated");
    }

    @Test
    void aChunkSizeThatIsNoNumber() throws Exception {
        backend.answer(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
                    + "x".repeat(2000) + "\r\n");
            wire.pause(PAUSE);
            wire.send("zz\r\nabc\r\n0\r\n\r\n");
            wire.hang();
        });

        assertGetIsBroken("malformed");
    }

    @Test
    void silenceInsideTheBody() throws Exception {
        backend.answer(Answer.hangAfter(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(2000)));

        assertGetIsBroken("between_bytes_timeout");
    }

    @Test
    void aResetInsideALength() throws Exception {
        backend.answer(pausedReset(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(2000)));

        assertGetIsBroken("truncated");
    }

    @Test
    void aResetInsideABodyThatEndsWithTheConnection() throws Exception {
        backend.answer(pausedReset("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + "x".repeat(2000)));

        assertGetIsBroken("truncated");
    }

    @Test
    void aBodyThatDripsButNeverStopsIsPatientlyPassedOn() throws Exception {
        String body = "x".repeat(2000);
        backend.answer(Answer.drip(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2000\r\n\r\n" + body,
                200,
                Duration.ofMillis(80)));

        try (RunningProxy proxy = described().start()) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.complete()).isTrue();
            assertThat(response.text()).isEqualTo(body);
        }
    }

    @Test
    void anOldClientsBodyIsBrokenByResetAndNotByTheEndItWaitsFor() throws Exception {
        backend.answer(Answer.truncatedChunked("x".repeat(2000)));

        try (RunningProxy proxy = described().start();
                RawClient client = proxy.client()) {
            RawResponse response =
                    client.send("GET /simple/x/ HTTP/1.0\r\n\r\n").read();

            assertThat(response.end()).isEqualTo(RawResponse.End.RESET);
        }
    }

    @Test
    void aTransferOverTlsIsBrokenToo() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        backend.answer(Answer.truncatedLength("x".repeat(2000), 4000));

        try (RunningProxy proxy =
                        described().identity(certificates.server(), directory).start();
                RawClient client = proxy.client(certificates.clientContext(null))) {
            assertBroken(client.get("/simple/x/").read());
        }
    }

    @Test
    void anOldClientsTransferOverTlsHasNoCleanEnd() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        backend.answer(Answer.truncatedChunked("x".repeat(2000)));

        try (RunningProxy proxy =
                        described().identity(certificates.server(), directory).start();
                RawClient client = proxy.client(certificates.clientContext(null))) {
            RawResponse response =
                    client.send("GET /simple/x/ HTTP/1.0\r\n\r\n").read();

            assertThat(response.end()).isIn(RawResponse.End.RESET, RawResponse.End.TRUNCATED);
        }
    }

    /** RST some time after the text, so that the text is read before the RST throws it away. */
    private static Answer pausedReset(String text) {
        return wire -> {
            wire.send(text);
            wire.pause(PAUSE);
            wire.reset();
        };
    }
}
