package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two parsers might read differently end here, and so does their connection. */
class GuardTest {
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

    static Stream<Arguments> malformed() {
        return Stream.of(
                        heads(),
                        framings(),
                        targets(),
                        Stream.of(
                                row(414, "line too long", "GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
                                row(431, "header too large", get("X: " + "x".repeat(40_000))),
                                row(
                                        431,
                                        "headers too large",
                                        get(("X: " + "x".repeat(1000) + "\r\n")
                                                .repeat(40)
                                                .strip()))))
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> heads() {
        return Stream.of(
                row(400, "no Host", "GET / HTTP/1.1\r\n\r\n"),
                row(400, "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
                row(400, "two Hosts and an absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                row(400, "Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                row(400, "Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
                row(400, "Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
                row(400, "Host with a query", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n"),
                row(400, "Host with a fragment", "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n"),
                row(400, "list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
                row(400, "authority with a query", "GET http://a?x=/y HTTP/1.1\r\nHost: a\r\n\r\n"),
                row(505, "version 5.6", "GET / HTTP/5.6\r\nHost: a\r\n\r\n"),
                row(400, "no version", "GET /\r\n\r\n"),
                row(400, "words", "hello there\r\n\r\n"),
                row(400, "space before the colon", get("X-Y : z")),
                row(400, "empty header name", get(": z")),
                row(400, "NUL in a header", get("X-Y: a\u0000b")),
                row(405, "CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"));
    }

    private static Stream<Arguments> framings() {
        return Stream.of(
                row(400, "length and chunks", post("Content-Length: 3\r\nTransfer-Encoding: chunked")),
                row(400, "two codings", post("Transfer-Encoding: gzip, chunked")),
                row(400, "two coding headers", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
                row(400, "identity", post("Transfer-Encoding: identity")),
                row(400, "chunked in quotes", post("Transfer-Encoding: \"chunked\"")),
                row(400, "chunks in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                row(400, "two lengths", post("Content-Length: 3\r\nContent-Length: 4")),
                row(400, "list of lengths", post("Content-Length: 3, 4")),
                row(400, "signed length", post("Content-Length: +3")),
                row(400, "negative length", post("Content-Length: -3")),
                row(400, "length in hex", post("Content-Length: 0x3")));
    }

    private static Stream<Arguments> targets() {
        return Stream.of(
                row(400, "no slash", target("simple/")),
                row(400, "star with GET", target("*")),
                row(400, "other scheme", target("ftp://a/x")),
                row(400, "not ASCII", target("/caf\u00e9")),
                row(400, "fragment", target("/x#y")),
                row(400, "dot", target("/a/./b")),
                row(400, "dots", target("/a/../b")),
                row(400, "dots at the end", target("/a/..")),
                row(400, "encoded dots", target("/a/%2e%2E/b")),
                row(400, "half encoded dots", target("/a/.%2e/b")),
                row(400, "encoded dot", target("/%2e/b")),
                row(400, "dots in an absolute target", target("http://a/../b")));
    }

    private static Arguments row(int status, String name, String request) {
        return Arguments.of(status, name, request);
    }

    private static String get(String header) {
        return "GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n";
    }

    private static String post(String header) {
        return "POST /legacy/ HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n0\r\n\r\n";
    }

    private static String target(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("malformed")
    void malformedRequestIsRejectedAndTheConnectionEnds(int status, String name, String request) throws IOException {
        try (RawClient client = proxy.client()) {
            RawResponse response = client.send(request).read();

            assertThat(response.status()).as(name).isEqualTo(status);
            assertThat(response.complete()).isTrue();
            assertThat(response.header("connection")).isEqualToIgnoringCase("close");
            assertThat(response.header("detour-source")).isEqualTo("refusal");
            assertThat(response.text()).isNotBlank();
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void aRequestSmuggledBehindAMalformedOneIsNotServed() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send(post("Content-Length: 5\r\nTransfer-Encoding: chunked")
                    + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.closedByPeer()).isTrue();
        }
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void whatComesBeforeAMalformedRequestIsStillAnswered() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("GET /good HTTP/1.1\r\nHost: a\r\n\r\n" + "GET /bad HTTP/1.1\r\n\r\n");

            assertThat(client.read().text()).isEqualTo("ok\n");
            assertThat(client.read().status()).isEqualTo(400);
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void aBrokenChunkInARequestEndsTheConnectionAndIsNoWholeRequest() throws IOException {
        try (RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            backend.awaitHeads(1, Await.PATIENCE);
            client.send("zz\r\nabc\r\n0\r\n\r\n");

            assertThat(client.read().end()).isNotEqualTo(RawResponse.End.COMPLETE);
        }
        backend.awaitRequests(1, Await.PATIENCE);
        assertThat(backend.requests().get(0).complete()).isFalse();
    }

    @Test
    void threeDotsAndDotsInNamesAreOrdinary() throws IOException {
        for (String target : new String[] {"/...", "/a..b/", "/.well-known/x", "/a?x=/../", "/x..", "/%2e%2e%2e"}) {
            assertThat(proxy.get(target).status()).as(target).isEqualTo(200);
        }
    }
}
