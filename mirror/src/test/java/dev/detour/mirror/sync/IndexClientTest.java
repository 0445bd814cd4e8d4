package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexClientTest {
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Long> waits = new ArrayList<>();
    private long now;
    private HttpServer server;
    private IndexClient client;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(threads);
        server.start();
        client = client(IndexAddress.of(base()), 0);
    }

    private IndexClient client(IndexAddress address, int rate) {
        Pace pace = new Pace(2, rate, () -> now, nanos -> {
            waits.add(nanos);
            now += nanos;
        });
        return new IndexClient(address, pace, "1.2.3");
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void on(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    private static String detail(IndexAnswer answer) {
        assertThat(answer).isInstanceOf(IndexAnswer.Failed.class);
        return ((IndexAnswer.Failed) answer).detail();
    }

    private static IndexAnswer.Found found(IndexAnswer answer) {
        assertThat(answer).isInstanceOf(IndexAnswer.Found.class);
        return (IndexAnswer.Found) answer;
    }

    @Test
    void aPageComesWithItsTagTypeAndSerial() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", JSON + "; charset=utf-8");
            exchange.getResponseHeaders().set("ETag", "\"abc\"");
            exchange.getResponseHeaders().set("X-PyPI-Last-Serial", "42");
            send(exchange, 200, bytes("{}"));
        });

        IndexAnswer.Found found = found(client.project("demo", null));

        assertThat(found.body()).asString().isEqualTo("{}");
        assertThat(found.contentType()).isEqualTo(JSON);
        assertThat(found.etag()).isEqualTo("\"abc\"");
        assertThat(found.lastSerial()).isEqualTo(42);
    }

    @Test
    void theVariantAskedForIsAlwaysTheSame() throws Exception {
        List<String> asked = new ArrayList<>();
        on("/simple/demo/", exchange -> {
            for (String name : List.of("Accept", "Accept-Encoding", "User-Agent", "If-None-Match")) {
                asked.add(String.valueOf(exchange.getRequestHeaders().getFirst(name)));
            }
            send(exchange, 304, new byte[0]);
        });

        IndexAnswer answer = client.project("demo", "\"abc\"");

        assertThat(answer).isInstanceOf(IndexAnswer.NotModified.class);
        assertThat(asked).containsExactly(JSON + ", text/html;q=0.1", "gzip", "Detour/1.2.3 (mirror sync)", "\"abc\"");
    }

    @Test
    void aCompressedBodyIsDecoded() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, 200, gzip(bytes("{\"name\":\"demo\"}")));
        });

        assertThat(found(client.project("demo", null)).body()).asString().isEqualTo("{\"name\":\"demo\"}");
    }

    @Test
    void aCompressedBodyThatBreaksOffIsNoBody() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            byte[] whole = gzip(bytes("{\"name\":\"demo\"}"));
            send(exchange, 200, java.util.Arrays.copyOf(whole, whole.length - 9));
        });

        assertThat(detail(client.project("demo", null))).contains("EOFException");
    }

    @Test
    void aBodyShorterThanItsLengthIsNoBody() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(bytes("{\"name\""));
            exchange.getResponseBody().flush();
            exchange.getHttpContext().getServer().stop(0);
        });

        assertThat(detail(client.project("demo", null))).contains("/simple/demo/: ");
    }

    @Test
    void anotherCodingIsRefusedByName() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "br");
            send(exchange, 200, bytes("x"));
        });

        assertThat(detail(client.project("demo", null))).contains("Content-Encoding is br (expected: gzip or none)");
    }

    @Test
    void aBodyThatUnpacksWithoutEndIsCutOff() throws Exception {
        on("/packages/bomb", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            send(exchange, 200, gzip(new byte[1 << 20]));
        });

        assertThat(detail(client.file(base().resolve("packages/bomb"), 1000))).contains("more than 1000 bytes");
    }

    @Test
    void aNameThatIsSpelledOtherwiseIsFollowedOnTheSameHost() throws Exception {
        on("/simple/Demo/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/simple/demo/");
            send(exchange, 301, new byte[0]);
        });
        on("/simple/demo/", exchange -> send(exchange, 200, bytes("{}")));

        assertThat(found(client.project("Demo", null)).body()).asString().isEqualTo("{}");
    }

    @Test
    void aRedirectToAnotherHostIsNotFollowed() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://elsewhere.example.org/simple/demo/");
            send(exchange, 302, new byte[0]);
        });

        assertThat(detail(client.project("demo", null)))
                .endsWith("leads to http://elsewhere.example.org/simple/demo/ (expected: a place of the same host)");
    }

    @Test
    void redirectsInACircleEnd() throws Exception {
        on("/simple/demo/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/simple/demo/");
            send(exchange, 302, new byte[0]);
        });

        assertThat(detail(client.project("demo", null))).endsWith("more than 3 redirects");
    }

    @Test
    void goneIsToldFromFailed() throws Exception {
        on("/simple/gone/", exchange -> send(exchange, 410, bytes("x")));
        on("/simple/absent/", exchange -> send(exchange, 404, bytes("x")));
        on("/simple/broken/", exchange -> send(exchange, 502, bytes("x")));

        assertThat(client.project("gone", null)).isEqualTo(new IndexAnswer.Gone(410));
        assertThat(client.project("absent", null)).isEqualTo(new IndexAnswer.Gone(404));
        assertThat(detail(client.project("broken", null))).endsWith("/simple/broken/ answered 502");
    }

    @Test
    void anIndexThatAsksToBeLeftAloneIs() throws Exception {
        on("/simple/busy/", exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "30");
            send(exchange, 429, new byte[0]);
        });
        on("/simple/demo/", exchange -> send(exchange, 200, bytes("{}")));

        client.project("busy", null);
        client.project("demo", null);

        assertThat(waits).containsExactly(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void requestsAreSpreadOverTheSecond() throws Exception {
        on("/simple/demo/", exchange -> send(exchange, 200, bytes("{}")));
        IndexClient slow = client(IndexAddress.of(base()), 20);

        for (int i = 0; i < 3; i++) {
            slow.project("demo", null);
        }

        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(50).toNanos(), Duration.ofMillis(50).toNanos());
    }

    @Test
    void anIndexIsAskedUnderAnotherNameThanItsAddress() throws Exception {
        List<String> hosts = new ArrayList<>();
        on("/simple/demo/", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            send(exchange, 200, bytes("{}"));
        });

        client(new IndexAddress(base(), null, "index.internal"), 0).project("demo", null);

        assertThat(hosts).containsExactly("index.internal");
    }

    @Test
    void aReaderThatStopsEarlyDoesNotHideAnEndThatIsMissing() throws Exception {
        on("/simple/", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            byte[] whole = gzip(bytes("{}" + " ".repeat(100_000)));
            send(exchange, 200, java.util.Arrays.copyOf(whole, whole.length - 9));
        });

        IndexAnswer answer = client.list(null, (body, type) -> body.readNBytes(2));

        assertThat(detail(answer)).contains("EOFException");
    }

    @Test
    void nobodyWaitsForABodyOfAClientThatIsClosed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        on("/simple/demo/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            asked.countDown();
            awaitQuietly(end);
        });
        Thread thread = new Thread(() -> {
            try {
                client.project("demo", null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            over.countDown();
        });
        thread.start();
        asked.await();

        client.close();

        assertThat(over.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        end.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
