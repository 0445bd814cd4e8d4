package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.RequestHead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests made to change what others are given. The backend believes everything it is told, as frameworks do, and writes it
 * into its pages, which it lets everybody keep.
 */
@SuppressWarnings("NullAway.Init")
class CachePoisoningTest {
    private static final String HOST = "Host: localhost";
    /** What frameworks take from a request beside its address. */
    private static final List<String> BELIEVED = List.of(
            "host",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-scheme",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-server",
            "x-host",
            "x-real-ip",
            "forwarded",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method-override",
            "x-http-method",
            "x-method-override",
            "content-length",
            "transfer-encoding",
            "cookie",
            "authorization",
            "range",
            "if-none-match",
            "if-modified-since",
            "expect",
            "upgrade",
            "te",
            "cache-control",
            "pragma");

    private static FakeBackend backend;
    private static RunningProxy proxy;
    private static int pages;

    @BeforeAll
    static void start() throws IOException {
        backend = FakeBackend.clear();
        backend.answerBy(CachePoisoningTest::believing);
        proxy = RunningProxy.with()
                .endpoints(backend)
                .cache(Caches.inMemory(16 << 20, 1 << 20, Duration.ofSeconds(10), false))
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private static Answer believing(RequestHead head) {
        if (head.headerValues("x-long").stream().anyMatch(value -> value.length() > 2_000)
                || head.header("x-meta") != null) {
            // an error that it lets everybody keep: cache-poisoned denial of service
            return Answer.status(
                    400, "text/html", "bad".getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=600");
        }
        if (head.header("if-none-match") != null) {
            return Answer.raw("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nCache-Control: max-age=600\r\n\r\n");
        }
        if (head.header("range") != null) {
            return Answer.status(
                    206,
                    "text/html",
                    "part".getBytes(StandardCharsets.UTF_8),
                    "Content-Range: bytes 0-3/100",
                    "Cache-Control: max-age=600");
        }
        StringBuilder text = new StringBuilder(head.method())
                .append(' ')
                .append(head.target())
                .append('\n');
        for (String name : BELIEVED) {
            text.append(name).append('=').append(head.headerValues(name)).append('\n');
        }
        return Answer.status(
                200,
                "text/html",
                text.toString().getBytes(StandardCharsets.UTF_8),
                "Cache-Control: max-age=600",
                "ETag: \"a\"");
    }

    private static Arguments attack(String name, String... lines) {
        return Arguments.of(name, String.join("\r\n", lines) + "\r\n");
    }

    /** A request for the page with one more header. */
    private static Arguments header(String header) {
        String shown = header.length() > 60 ? header.substring(0, 60) + "..." : header;
        return attack(shown, "GET {page} HTTP/1.1", HOST, header, "");
    }

    static Stream<Arguments> attacks() {
        List<Arguments> attacks = new ArrayList<>();
        for (String header : List.of(
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Scheme: http",
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Port: 1",
                "X-Forwarded-Prefix: /evil",
                "X-Forwarded-Server: evil.example",
                "X-Host: evil.example",
                "X-Real-IP: 6.6.6.6",
                "Forwarded: host=evil.example",
                "X-Original-URL: /evil",
                "X-Rewrite-URL: /evil",
                "X-HTTP-Method-Override: DELETE",
                "X-HTTP-Method: DELETE",
                "X-Method-Override: DELETE",
                "Cookie: session=evil",
                "Authorization: Basic ZXZpbDpldmls",
                "Range: bytes=0-3",
                "If-None-Match: \"a\"",
                "If-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT",
                "Cache-Control: no-store",
                "Cache-Control: no-cache",
                "Pragma: no-cache",
                "TE: trailers",
                "Upgrade: h2c",
                "Expect: 100-continue",
                "Connection: X-Forwarded-Host",
                "Connection: Host, Cache-Control",
                "X-Meta: \\u0007",
                "X-Long: " + "a".repeat(6_000),
                "X-Long: " + "a".repeat(64 << 10))) {
            attacks.add(header(header));
        }
        attacks.add(attack("two hosts", "GET {page} HTTP/1.1", HOST, "Host: evil.example", ""));
        attacks.add(attack("two hosts in one", "GET {page} HTTP/1.1", HOST + ", evil.example", ""));
        attacks.add(attack("no host", "GET {page} HTTP/1.1", ""));
        attacks.add(attack("old client without host", "GET {page} HTTP/1.0", ""));
        attacks.add(attack("another host", "GET {page} HTTP/1.1", "Host: evil.example", ""));
        attacks.add(attack("a host with another port", "GET {page} HTTP/1.1", HOST + ":1234", ""));
        attacks.add(attack("a host with a dot", "GET {page} HTTP/1.1", HOST + ".", ""));
        attacks.add(attack("absolute form", "GET http://evil.example{page} HTTP/1.1", HOST, ""));
        attacks.add(attack(
                "two of each",
                "GET {page} HTTP/1.1",
                HOST,
                "Accept: text/html",
                "Accept: application/evil",
                "Accept-Encoding: identity",
                "Accept-Encoding: gzip",
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Host: worse.example",
                "Cache-Control: max-age=1",
                "Cache-Control: only-if-cached",
                ""));
        attacks.add(attack("two ranges", "GET {page} HTTP/1.1", HOST, "Range: bytes=0-1", "Range: bytes=2-3", ""));
        attacks.add(Arguments.of("a body", "GET {page} HTTP/1.1\r\n" + HOST + "\r\nContent-Length: 4\r\n\r\nevil"));
        attacks.add(Arguments.of(
                "a chunked body",
                "GET {page} HTTP/1.1\r\n" + HOST + "\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n"));
        attacks.add(Arguments.of(
                "HEAD with a body", "HEAD {page} HTTP/1.1\r\n" + HOST + "\r\nContent-Length: 4\r\n\r\nevil"));
        attacks.add(attack("HEAD", "HEAD {page} HTTP/1.1", HOST, ""));
        attacks.add(Arguments.of(
                "two framings",
                "GET {page} HTTP/1.1\r\n" + HOST
                        + "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
        attacks.add(Arguments.of(
                "a hidden framing",
                "GET {page} HTTP/1.1\r\n" + HOST + "\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"));
        for (String target : List.of(
                "/simple/other/%2e%2e{page}",
                "{page}..%2f",
                "{page}%2e%2e/",
                "{page};evil",
                "{page}%00",
                "{page}%252f",
                "{page}?format=evil",
                "{page}?a=1;b=2",
                "{page}?",
                "{page}#evil",
                "{page}\\..\\",
                "/{page}",
                "/.{page}")) {
            attacks.add(attack("target " + target, "GET " + target + " HTTP/1.1", HOST, ""));
        }
        return attacks.stream();
    }

    private static String newPage() {
        return "/simple/p" + pages++ + '/';
    }

    private static RawResponse victim(String page) throws IOException {
        return proxy.get(page);
    }

    /** What the backend writes for a request that tells it nothing. */
    private static String plain(String page) throws IOException {
        String other = newPage();
        return victim(other).text().replace(other, page);
    }

    /** Sends an attack, and reads its answer if there is one. */
    private static void attack(String request, String page) throws IOException {
        try (RawClient client = proxy.client().limit(Duration.ofSeconds(5))) {
            client.send(request.replace("{page}", page));
            RawResponse answer = client.read(request.startsWith("HEAD") ? "HEAD" : "GET");
            assertThat(answer.status()).isBetween(100, 599);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void whoAsksFirstDecidesNothingForOthers(String name, String request) throws IOException {
        String page = newPage();

        attack(request, page);

        RawResponse given = victim(page);
        assertThat(given.status()).isEqualTo(200);
        assertThat(given.text()).isEqualTo(plain(page));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void whoAsksLaterChangesNothingThatIsKept(String name, String request) throws IOException {
        String page = newPage();
        String before = victim(page).text();

        attack(request, page);

        RawResponse given = victim(page);
        assertThat(given.text()).isEqualTo(before);
        assertThat(given.header("detour-source")).isEqualTo("cache");
    }
}
