package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.ReceivedRequest;
import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which connection a request goes over, and what happens when it turns out to be dead. */
class ConnectionReuseTest {
    private final FakeBackend backend = FakeBackend.clear();
    private final RunningProxy proxy;

    ConnectionReuseTest() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    @Test
    void manyRequestsOverOneClientConnectionUseOneBackendConnection() throws IOException {
        try (RawClient client = proxy.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/" + i).read().complete()).isTrue();
            }
        }

        assertThat(backend.connections()).isEqualTo(1);
        assertThat(backend.requests()).hasSize(20);
    }

    @Test
    void aBackendConnectionOutlivesTheClientThatUsedItFirst() throws IOException {
        proxy.get("/1");
        proxy.get("/2");

        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        backend.answerBy(head -> Answer.ok(head.target()));
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }

        List<String> bodies = new ArrayList<>();
        try (RawClient client = proxy.client()) {
            client.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                bodies.add(client.read().text());
            }
        }

        assertThat(bodies).hasSize(50).first().isEqualTo("/0");
        for (int i = 0; i < 50; i++) {
            assertThat(bodies.get(i)).isEqualTo("/" + i);
        }
        // a connection is free again only when its burst is read, so the request right behind takes a second one
        assertThat(backend.connections()).isLessThanOrEqualTo(2);
    }

    @Test
    void pipelinedBodiesStayWithTheirRequests() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\none"
                    + "GET /between HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nthree");
            for (int i = 0; i < 3; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
        }

        assertThat(backend.requests()).extracting(ReceivedRequest::bodyText).containsExactly("one", "", "three");
    }

    @Test
    void clientThatAsksForItIsClosed() throws IOException {
        try (RawClient client = proxy.client()) {
            RawResponse response = client.get("/x", "Connection: close").read();

            assertThat(response.header("connection")).isEqualToIgnoringCase("close");
            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void aBackendThatAnnouncesTheEndIsNotAskedOverThatConnectionAgain() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"));

        try (RawClient client = proxy.client()) {
            assertThat(client.get("/1").read().text()).isEqualTo("ok");
            assertThat(client.get("/2").read().text()).isEqualTo("ok");
        }

        assertThat(backend.connections()).isEqualTo(2);
    }

    @Test
    void getIsRepeatedOnceWhenTheIdleConnectionTurnsOutToBeDead() throws IOException {
        proxy.get("/first");
        backend.answerNext(Answer.resetBeforeHead());

        RawResponse response = proxy.get("/second");

        assertThat(response.text()).isEqualTo("ok\n");
        assertThat(response.header("detour-source")).isEqualTo("backend");
        assertThat(backend.heads()).hasSize(3);
        assertThat(backend.connections()).isEqualTo(2);
        assertThat(proxy.attempts("reset")).isZero();
    }

    @Test
    void getIsNotRepeatedTwice() throws IOException {
        proxy.get("/first");
        backend.answer(Answer.closeBeforeHead());

        RawResponse response = proxy.get("/second");

        assertThat(response.status()).isEqualTo(503);
        assertThat(backend.heads()).hasSize(3);
        assertThat(proxy.attempts("closed")).isEqualTo(1);
    }

    @Test
    void getOverAFreshConnectionIsNotRepeated() throws IOException {
        backend.answer(Answer.closeBeforeHead());

        RawResponse response = proxy.get("/only");

        assertThat(response.status()).isEqualTo(503);
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void aConnectionClosedWhileIdleIsForgotten() throws IOException {
        proxy.get("/first");
        backend.resetConnections();
        backend.awaitOpenConnections(0, Await.PATIENCE);

        RawResponse response = proxy.get("/second");

        assertThat(response.text()).isEqualTo("ok\n");
        assertThat(proxy.attempts("ok")).isEqualTo(2);
    }

    @Test
    void postAlwaysGetsAFreshConnection() throws IOException {
        proxy.get("/first");
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
            assertThat(client.read().status()).isEqualTo(200);
        }

        assertThat(backend.connections()).isEqualTo(2);
        assertThat(backend.requests("POST").get(0).connection()).isEqualTo(2);
    }

    @Test
    void anAnswerNobodyAskedForDoesNotReachTheNextClient() throws IOException {
        backend.answerNext(Answer.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"
                + "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\npoison"));

        RawResponse first = proxy.get("/first");
        RawResponse second = proxy.get("/second");

        assertThat(first.text()).isEqualTo("ok");
        assertThat(second.text()).isEqualTo("ok\n");
    }

    @Test
    void aConnectionThatComesTooLateForItsClientIsNotLost(@TempDir Path directory) throws Exception {
        TestCertificates certificates = TestCertificates.create();
        SSLContext context = certificates.server().serverContext();
        CountDownLatch clientGone = new CountDownLatch(1);
        try (FakeBackend slow = FakeBackend.tls(context).shakeHands(context, settings -> awaitQuietly(clientGone));
                RunningProxy waiting = RunningProxy.with()
                        .endpoints(slow)
                        .trust(certificates.writeCa(directory))
                        .handshake(Duration.ofSeconds(20))
                        .start()) {
            RawClient gone = waiting.client().get("/simple/x/", "X-Request-Id: gone");
            slow.awaitOpenConnections(1, Await.PATIENCE);
            gone.reset();
            waiting.accessLine("id=gone");
            clientGone.countDown();

            assertThat(waiting.get("/simple/y/").text()).isEqualTo("ok\n");

            assertThat(slow.heads()).hasSize(1);
            Await.until(
                    () -> idleAgain(waiting), () -> waiting.backend().status().toString());
            assertThat(waiting.get("/simple/z/").text()).isEqualTo("ok\n");
            assertThat(slow.connections()).isLessThanOrEqualTo(2);
        }
    }

    private static boolean idleAgain(RunningProxy proxy) {
        return proxy.backend().status().inFlight() == 0
                && proxy.backend().status().endpoints().get(0).inUse() == 0;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
