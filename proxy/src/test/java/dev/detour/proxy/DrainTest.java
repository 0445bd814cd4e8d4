package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refused upload is read to its end, so that its sender sees the answer, but not for ever. */
class DrainTest {
    private static final long UPLOAD = 8L << 20;
    private static final Duration NOTHING_HAPPENS = Duration.ofMillis(700);

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private final TestCertificates certificates = TestCertificates.create();
    private RunningProxy proxy;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .identity(certificates.server(), directory)
                .clock(clock)
                .start();
        proxy.mode(Mode.READ_ONLY);
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private static String head(long length) {
        return "POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private void assertRefusalIsReadAfterSendingEverything(RawClient client) throws IOException {
        client.send(head(UPLOAD));
        client.sendPattern(UPLOAD);
        RawResponse response = client.read();

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.complete()).isTrue();
        assertThat(response.text()).contains("Read-only mode");
        assertThat(response.header("connection")).isEqualToIgnoringCase("close");
        assertThat(client.closedByPeer()).isTrue();
        assertThat(backend.connections()).isZero();
    }

    @Test
    void whoSendsEverythingFirstReadsTheRefusal() throws IOException {
        try (RawClient client = proxy.client()) {
            assertRefusalIsReadAfterSendingEverything(client);
        }
    }

    @Test
    void whoSendsEverythingFirstReadsTheRefusalOverTls() throws IOException {
        try (RawClient client = proxy.client(certificates.clientContext(null))) {
            assertRefusalIsReadAfterSendingEverything(client);
        }
    }

    @Test
    void aChunkedUploadIsDrainedTooAndItsRefusalRead() throws IOException {
        String chunk = "1000\r\n" + "x".repeat(4096) + "\r\n";
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 512; i++) {
                client.send(chunk);
            }
            client.send("0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(403);
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void anOutageIsToldToWhoSendsEverythingFirst() throws IOException {
        proxy.mode(Mode.NORMAL);
        backend.refuse();

        try (RawClient client = proxy.client(certificates.clientContext(null))) {
            client.send(head(UPLOAD));
            client.sendPattern(UPLOAD);
            RawResponse response = client.read();

            assertThat(response.status()).isEqualTo(403);
            assertThat(response.text()).contains("nothing was stored");
        }
    }

    @Test
    void whoAsksBeforeSendingGetsTheFinalStatusAtOnce() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
                    + "Expect: 100-continue\r\n\r\n");
            RawResponse response = client.read();

            assertThat(response.interim()).isEmpty();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("connection")).isEqualToIgnoringCase("close");
        }
    }

    @Test
    void whoStopsSendingIsCutOff() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send(head(UPLOAD) + "a little");
            RawResponse response = client.read();
            client.limit(NOTHING_HAPPENS);
            boolean closedAtOnce = client.closedByPeer();
            clock.advance(Duration.ofSeconds(11));
            client.limit(Await.PATIENCE);

            assertThat(response.complete()).isTrue();
            assertThat(closedAtOnce).isFalse();
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterAMinute() throws IOException {
        try (RawClient client = proxy.client()) {
            client.get("/x").read();
            client.limit(NOTHING_HAPPENS);
            boolean closedEarly = client.closedByPeer();
            clock.advance(Duration.ofSeconds(58));
            closedEarly |= client.closedByPeer();
            clock.advance(Duration.ofSeconds(3));
            client.limit(Await.PATIENCE);

            assertThat(closedEarly).isFalse();
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void aHeadThatNeverEndsIsClosedAfterAMinute() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET /x HTTP/1.1\r\nHost: local");
            client.limit(NOTHING_HAPPENS);
            boolean closedEarly = client.closedByPeer();
            clock.advance(Duration.ofSeconds(61));
            client.limit(Await.PATIENCE);

            assertThat(closedEarly).isFalse();
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void anUploaderThatFallsSilentIsCutOffAndTheBackendIsNotBlamed() throws IOException {
        proxy.mode(Mode.NORMAL);
        try (RawClient client = proxy.client()) {
            client.send(head(100) + "half");
            backend.awaitHeads(1, Await.PATIENCE);
            client.limit(NOTHING_HAPPENS);
            boolean closedEarly = client.closedByPeer();
            clock.advance(Duration.ofSeconds(61));
            client.limit(Await.PATIENCE);

            assertThat(closedEarly).isFalse();
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(proxy.accessLine("POST")).contains("aborted=true").doesNotContain("failure=");
    }
}
