package dev.detour.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.testkit.RawResponse.End;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeBackendTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final FakeBackend backend = FakeBackend.clear();

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void keepsTheConnectionForSeveralRequests() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.get("/a").read();
            client.get("/b").read();
        }

        assertThat(backend.connections()).isEqualTo(1);
        assertThat(backend.requests()).extracting(ReceivedRequest::target).containsExactly("/a", "/b");
    }

    @Test
    void answersPipelinedRequestsInOrder() throws IOException {
        backend.answerBy(head -> Answer.ok(head.target()));

        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");

            assertThat(List.of(client.read().text(), client.read().text())).containsExactly("/1", "/2");
        }
    }

    @Test
    void recordsLengthAndDigestOfABody() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("POST /legacy/ HTTP/1.1\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc")
                    .read();
        }

        ReceivedRequest request = backend.requests("POST").get(0);
        assertThat(request.bodyLength()).isEqualTo(3);
        assertThat(request.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(request.bodyText()).isEqualTo("abc");
        assertThat(request.header("x-a")).isEqualTo("b");
        assertThat(request.complete()).isTrue();
    }

    @Test
    void removesTheChunkedCodingOfABody() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.send(
                            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: v\r\n\r\n")
                    .read();
        }

        assertThat(backend.requests().get(0).bodyText()).isEqualTo("abc");
    }

    @Test
    void recordsABrokenBodyAsIncomplete() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc");
        }

        backend.awaitRequests(1, SOON);
        assertThat(backend.requests().get(0).complete()).isFalse();
        assertThat(backend.requests().get(0).bodyLength()).isEqualTo(3);
    }

    @Test
    void countsALargeBodyWithoutKeepingIt() throws IOException {
        long length = 200L << 20;

        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n")
                    .sendPattern(length)
                    .read();
        }

        assertThat(backend.requests().get(0).bodyLength()).isEqualTo(length);
        assertThat(backend.requests().get(0).bodyText()).hasSize(FakeBackend.KEPT_BODY);
    }

    @Test
    void asksForTheBodyWhenTheClientExpectsIt() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");

            RawResponse response = client.read();

            assertThat(response.interim()).extracting(RawResponse::status).containsExactly(100);
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @Test
    void earlyAnswerDoesNotWaitForTheBody() throws IOException {
        backend.answer(Answer.early(Answer.status(413)));

        try (RawClient client = RawClient.clear(backend.port())) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(backend.requests()).isEmpty();
            assertThat(backend.heads()).hasSize(1);
        }
    }

    @Test
    void oneShotAnswersComeBeforeTheStandingOne() throws IOException {
        backend.answer(Answer.ok("standing")).answerNext(Answer.status(503), Answer.status(500));

        try (RawClient client = RawClient.clear(backend.port())) {
            assertThat(List.of(
                            client.get("/").read().status(),
                            client.get("/").read().status(),
                            client.get("/").read().status()))
                    .containsExactly(503, 500, 200);
        }
    }

    @Test
    void headHasNoBody() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            RawResponse head = client.request("HEAD", "/").read("HEAD");
            RawResponse get = client.get("/").read();

            assertThat(head.header("content-length")).isEqualTo("3");
            assertThat(head.bodyLength()).isZero();
            assertThat(get.text()).isEqualTo("ok\n");
        }
    }

    @Test
    void resetBeforeTheHeadIsSeenAsReset() throws IOException {
        assertThat(endOf(Answer.resetBeforeHead())).isEqualTo(End.RESET);
    }

    @Test
    void closeBeforeTheHeadIsSeenAsNoAnswer() throws IOException {
        assertThat(endOf(Answer.closeBeforeHead())).isEqualTo(End.NO_ANSWER);
    }

    @Test
    void bodyShorterThanItsLengthIsTruncated() throws IOException {
        assertThat(endOf(Answer.truncatedLength("abc", 10))).isEqualTo(End.TRUNCATED);
    }

    @Test
    void chunkedBodyWithoutItsLastChunkIsTruncated() throws IOException {
        assertThat(endOf(Answer.truncatedChunked("abc"))).isEqualTo(End.TRUNCATED);
    }

    @Test
    void garbageIsMalformed() throws IOException {
        assertThat(endOf(Answer.garbage())).isEqualTo(End.MALFORMED);
    }

    @Test
    void headCutShortIsTruncated() throws IOException {
        assertThat(endOf(Answer.closeAfter("HTTP/1.1 200 OK\r\nContent-Le"))).isEqualTo(End.TRUNCATED);
    }

    @Test
    void chunkedAnswerIsComplete() throws IOException {
        backend.answer(Answer.chunked("text/plain", "äb", "cd"));

        try (RawClient client = RawClient.clear(backend.port())) {
            RawResponse response = client.get("/").read();

            assertThat(response.complete()).isTrue();
            assertThat(response.text()).isEqualTo("äbcd");
        }
    }

    @Test
    void hangAnswersNothingAndEndsWithThePeer() throws IOException {
        backend.answer(Answer.hang());

        try (RawClient client = RawClient.clear(backend.port()).limit(Duration.ofMillis(100))) {
            assertThat(client.get("/").read().end()).isEqualTo(End.TIMED_OUT);
        }
        backend.awaitOpenConnections(0, SOON);
    }

    @Test
    void dripArrivesWholeAfterItsPauses() throws IOException {
        backend.answer(Answer.drip("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", 20, Duration.ofMillis(30)));

        try (RawClient client = RawClient.clear(backend.port())) {
            long start = System.nanoTime();

            assertThat(client.get("/").read().text()).isEqualTo("abcd");
            assertThat(System.nanoTime() - start).isGreaterThan(60_000_000L);
        }
    }

    @Test
    void largeAnswerIsComplete() throws IOException {
        backend.answer(Answer.large((100 << 20) + 7));

        try (RawClient client = RawClient.clear(backend.port())) {
            RawResponse response = client.get("/").read();

            assertThat(response.complete()).isTrue();
            assertThat(response.bodyLength()).isEqualTo((100 << 20) + 7);
        }
    }

    @Test
    void refusesAndListensAgainOnTheSamePort() throws IOException {
        backend.refuse();

        assertThatThrownBy(() -> RawClient.clear(backend.port())).isInstanceOf(ConnectException.class);

        backend.listenAgain();
        try (RawClient client = RawClient.clear(backend.port())) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void resetConnectionsEndsOpenOnes() throws IOException {
        try (RawClient client = RawClient.clear(backend.port())) {
            client.get("/").read();

            backend.resetConnections();

            assertThat(client.closedByPeer()).isTrue();
        }
    }

    @Test
    void greetingsComeBeforeAnyRequestIsRead() throws IOException {
        backend.greet(Greeting.RESET_AFTER_FIRST_BYTES);

        try (RawClient client = RawClient.clear(backend.port())) {
            assertThat(client.get("/").read().end()).isEqualTo(End.RESET);
        }
        assertThat(backend.heads()).isEmpty();
    }

    private End endOf(Answer answer) throws IOException {
        backend.answer(answer);
        try (RawClient client = RawClient.clear(backend.port())) {
            return client.get("/").read().end();
        }
    }
}
