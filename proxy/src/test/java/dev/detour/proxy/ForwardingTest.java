package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.ReceivedRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each side of a healthy exchange sees of the other's message. */
class ForwardingTest {
    private final FakeBackend backend = FakeBackend.clear();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private ReceivedRequest received() {
        backend.awaitRequests(1, Await.PATIENCE);
        return backend.requests().get(0);
    }

    @Test
    void statusHeadersAndBodyOfTheBackendArrive() throws IOException {
        backend.answer(
                Answer.status(418, "text/x-tea", "short and stout".getBytes(StandardCharsets.UTF_8), "X-Pot: brown"));

        RawResponse response = proxy.get("/tea");

        assertThat(response.complete()).isTrue();
        assertThat(response.status()).isEqualTo(418);
        assertThat(response.reason()).isEqualTo("Scripted");
        assertThat(response.header("content-type")).isEqualTo("text/x-tea");
        assertThat(response.header("x-pot")).isEqualTo("brown");
        assertThat(response.text()).isEqualTo("short and stout");
        assertThat(response.header("detour-source")).isEqualTo("backend");
        assertThat(response.header("detour-mode")).isNull();
    }

    @Test
    void targetIsPassedOnByteForByte() throws IOException {
        proxy.get("/a%2Fb/%7Ec//d;p=1?q=%C3%A4&r=[x]&&");

        assertThat(received().target()).isEqualTo("/a%2Fb/%7Ec//d;p=1?q=%C3%A4&r=[x]&&");
    }

    @Test
    void hopByHopHeadersOfTheClientStayBehind() throws IOException {
        proxy.get(
                "/x",
                "Connection: keep-alive, X-Private",
                "Keep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Proxy-Authorization: Basic eA==",
                "TE: trailers",
                "Upgrade: h2c",
                "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
                "X-Private: secret",
                "X-Public: open");

        ReceivedRequest request = received();
        assertThat(request.header("x-public")).isEqualTo("open");
        for (String name : new String[] {
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "te",
            "upgrade",
            "http2-settings",
            "x-private"
        }) {
            assertThat(request.header(name)).as(name).isNull();
        }
    }

    @Test
    void hopByHopHeadersOfTheBackendStayBehind() throws IOException {
        backend.answer(Answer.status(
                200,
                "text/plain",
                "body".getBytes(StandardCharsets.UTF_8),
                "Connection: X-Internal",
                "X-Internal: secret",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "Upgrade: h2c",
                "X-Public: open"));

        RawResponse response = proxy.get("/x");

        assertThat(response.header("x-public")).isEqualTo("open");
        for (String name : new String[] {"x-internal", "keep-alive", "proxy-authenticate", "upgrade", "connection"}) {
            assertThat(response.header(name)).as(name).isNull();
        }
    }

    @Test
    void framingHeadersCannotBeNamedAway() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: Content-Length, Host\r\n"
                    + "Content-Length: 5\r\n\r\nhello");
            assertThat(client.read().status()).isEqualTo(200);
        }

        assertThat(received().bodyText()).isEqualTo("hello");
        assertThat(received().header("host")).isEqualTo("localhost");
    }

    @Test
    void viaIsAddedBothWaysToWhatIsThere() throws IOException {
        backend.answer(Answer.status(200, "text/plain", new byte[] {'x'}, "Via: 1.1 origin"));

        RawResponse response = proxy.get("/x", "Via: 1.0 office");

        assertThat(received().head().headerValues("via")).containsExactly("1.0 office", "1.1 detour");
        assertThat(response.headerValues("via")).containsExactly("1.1 origin", "1.1 detour");
    }

    @Test
    void backendHearsWhoTheClientIsAndNotWhatTheClientClaims() throws IOException {
        proxy.get(
                "/x",
                "X-Forwarded-For: 6.6.6.6",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Host: evil.example",
                "Forwarded: for=6.6.6.6");

        ReceivedRequest request = received();
        assertThat(request.head().headerValues("x-forwarded-for")).containsExactly("127.0.0.1");
        assertThat(request.head().headerValues("x-forwarded-proto")).containsExactly("http");
        assertThat(request.head().headerValues("x-forwarded-host")).containsExactly("localhost");
        assertThat(request.header("forwarded")).isNull();
    }

    @Test
    void wellFormedRequestIdIsKeptAndEchoed() throws IOException {
        RawResponse response = proxy.get("/x", "X-Request-Id: abc-123");

        assertThat(received().header("x-request-id")).isEqualTo("abc-123");
        assertThat(response.header("x-request-id")).isEqualTo("abc-123");
        assertThat(proxy.accessLine("id=abc-123")).contains("\"GET /x\" 200 3 ");
    }

    @Test
    void malformedRequestIdIsReplaced() throws IOException {
        RawResponse response = proxy.get("/x", "X-Request-Id: a b\"c");

        assertThat(response.header("x-request-id")).matches("[0-9a-f]{16}");
        assertThat(received().header("x-request-id")).isEqualTo(response.header("x-request-id"));
    }

    @Test
    void eachRequestWithoutAnIdGetsItsOwn() throws IOException {
        RawResponse first = proxy.get("/x");
        RawResponse second = proxy.get("/x");

        assertThat(first.header("x-request-id")).matches("[0-9a-f]{16}");
        assertThat(second.header("x-request-id")).isNotEqualTo(first.header("x-request-id"));
    }

    @Test
    void absoluteFormBecomesOriginFormAndItsAuthorityIsTheHost() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET http://index.example:8080/simple/x/?y=1 HTTP/1.1\r\nHost: other.example\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }

        assertThat(received().target()).isEqualTo("/simple/x/?y=1");
        assertThat(received().head().headerValues("host")).containsExactly("index.example:8080");
    }

    @Test
    void absoluteFormWithoutPathIsTheRoot() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET http://index.example HTTP/1.1\r\nHost: index.example\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }

        assertThat(received().target()).isEqualTo("/");
    }

    @Test
    void optionsForTheWholeServerHasNoRoute() throws IOException {
        RawResponse response = proxy.request("OPTIONS", "*");

        assertThat(response.status()).isEqualTo(404);
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void oldClientIsAnsweredAndItsConnectionCloses() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET /x HTTP/1.0\r\n\r\n");
            RawResponse response = client.read();

            assertThat(response.text()).isEqualTo("ok\n");
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(received().head().version()).isEqualTo("HTTP/1.1");
        // HTTP/1.1 needs a Host where HTTP/1.0 did not
        assertThat(received().head().header("host")).isEqualTo("127.0.0.1:" + backend.port());
    }

    @Test
    void oldClientThatAsksForItKeepsItsConnection() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            RawResponse first = client.read();
            client.send("GET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            assertThat(first.header("connection")).isEqualToIgnoringCase("keep-alive");
            assertThat(client.read().text()).isEqualTo("ok\n");
        }
    }

    @Test
    void oldClientGetsAChunkedAnswerUntilTheEndOfTheConnection() throws IOException {
        backend.answer(Answer.chunked("text/plain", "one ", "two ", "three"));

        try (RawClient client = proxy.client()) {
            client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            RawResponse response = client.read();

            assertThat(response.text()).isEqualTo("one two three");
            assertThat(response.header("transfer-encoding")).isNull();
            assertThat(response.header("content-length")).isNull();
            assertThat(response.complete()).isTrue();
        }
    }

    @Test
    void headIsAnsweredWithTheLengthOfTheGetAndNoBody() throws IOException {
        backend.answer(Answer.ok("twelve bytes"));

        try (RawClient client = proxy.client()) {
            RawResponse head = client.request("HEAD", "/x").read("HEAD");
            RawResponse get = client.get("/x").read();

            assertThat(head.header("content-length")).isEqualTo("12");
            assertThat(head.bodyLength()).isZero();
            assertThat(get.text()).isEqualTo("twelve bytes");
        }
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void answersWithoutBodyLeaveTheConnectionsInStep() throws IOException {
        backend.answerNext(
                Answer.raw("HTTP/1.1 204 No Content\r\n\r\n"),
                Answer.raw("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 5000\r\n\r\n"),
                Answer.ok("still in step"));

        try (RawClient client = proxy.client()) {
            RawResponse noContent = client.get("/204").read();
            RawResponse notModified = client.get("/304").read();
            RawResponse ok = client.get("/200").read();

            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.header("transfer-encoding")).isNull();
            assertThat(notModified.status()).isEqualTo(304);
            assertThat(notModified.header("etag")).isEqualTo("\"x\"");
            assertThat(ok.text()).isEqualTo("still in step");
        }
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void chunkedAnswerArrivesWholeAndKeepsTheConnections() throws IOException {
        backend.answer(Answer.chunked("text/plain", "one ", "two ", "three"));

        try (RawClient client = proxy.client()) {
            RawResponse first = client.get("/1").read();
            RawResponse second = client.get("/2").read();

            assertThat(first.text()).isEqualTo("one two three");
            assertThat(first.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(second.text()).isEqualTo("one two three");
        }
        assertThat(backend.connections()).isEqualTo(1);
    }

    @Test
    void trailersArePassedOn() throws IOException {
        backend.answer(
                Answer.raw(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 294\r\n\r\n"));

        try (RawClient client = proxy.client()) {
            client.get("/x");
            client.limit(Await.PATIENCE);
            RawResponse response = client.read();

            assertThat(response.text()).isEqualTo("abc");
            assertThat(response.header("trailer")).isEqualTo("X-Sum");
        }
    }

    @Test
    void answerThatEndsWithTheBackendsConnectionBecomesChunked() throws IOException {
        backend.answer(Answer.closeAfter("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end"));

        try (RawClient client = proxy.client()) {
            RawResponse first = client.get("/1").read();
            RawResponse second = client.get("/2").read();

            assertThat(first.text()).isEqualTo("until the end");
            assertThat(first.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(first.complete()).isTrue();
            assertThat(second.text()).isEqualTo("until the end");
        }
        assertThat(backend.connections()).isEqualTo(2);
    }

    @Test
    void anAnswerWithBothFramingsIsAFailure() throws IOException {
        backend.answer(
                Answer.raw(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));

        RawResponse response = proxy.get("/x");

        assertThat(response.status()).isEqualTo(503);
        assertThat(proxy.accessLine("\"GET /x\"")).contains("reason=malformed");
    }

    @Test
    void earlyHintsArePassedOnBeforeTheAnswer() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"));

        RawResponse response = proxy.get("/x");

        assertThat(response.interim()).hasSize(1);
        assertThat(response.interim().get(0).status()).isEqualTo(103);
        assertThat(response.interim().get(0).header("link")).contains("style.css");
        assertThat(response.text()).isEqualTo("ok");
    }

    @Test
    void oldClientsAreSparedInterimAnswers() throws IOException {
        backend.answer(
                Answer.raw(
                        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok"));

        try (RawClient client = proxy.client()) {
            RawResponse response = client.send("GET /x HTTP/1.0\r\n\r\n").read();

            assertThat(response.interim()).isEmpty();
            assertThat(response.text()).isEqualTo("ok");
        }
    }

    @Test
    void continueComesFromTheBackendAndThenTheBodyFollows() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send(
                    "POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
            backend.awaitHeads(1, Await.PATIENCE);
            client.send("hello");
            RawResponse response = client.read();

            assertThat(response.interim()).extracting(RawResponse::status).containsExactly(100);
            assertThat(response.status()).isEqualTo(200);
        }
        assertThat(received().bodyText()).isEqualTo("hello");
        assertThat(received().header("expect")).isEqualTo("100-continue");
    }

    @Test
    void chunkedRequestBodyArrivesWhole() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send(
                    "POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(received().bodyText()).isEqualTo("hello world");
        assertThat(received().complete()).isTrue();
    }

    @Test
    void switchingProtocolsUnaskedIsAFailure() throws IOException {
        backend.answer(Answer.raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"));

        RawResponse response = proxy.get("/x", "Upgrade: h2c", "Connection: upgrade");

        assertThat(response.status()).isEqualTo(503);
        assertThat(proxy.accessLine("\"GET /x\"")).contains("reason=malformed");
    }
}
