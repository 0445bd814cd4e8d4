package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CrlDownloadTest {
    private static final byte[] CRL = CrlAuthority.create().crl(100);
    private static final CrlDownload PATIENT = new CrlDownload(1 << 20, Duration.ofSeconds(30), null);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/crl", exchange -> answer(exchange, CRL.length));
        server.createContext("/chunked", exchange -> answer(exchange, 0));
        server.createContext("/moved", exchange -> redirect(exchange, "/crl"));
        server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
        server.createContext("/away", exchange -> redirect(exchange, "http://127.0.0.2/crl"));
        server.createContext("/stops", exchange -> {
            exchange.sendResponseHeaders(200, CRL.length);
            exchange.getResponseBody().write(CRL, 0, 1_000);
            exchange.getResponseBody().flush();
            await();
            exchange.close();
        });
        server.createContext("/silent", exchange -> await());
        server.createContext("/page", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdown();
    }

    @Test
    void aCrlIsReadAsItArrives() throws Exception {
        assertThat(read(PATIENT, "/crl").bytes()).isEqualTo(CRL.length);
        assertThat(read(PATIENT, "/chunked").entries()).isEqualTo(100);
    }

    @Test
    void redirectsWithinTheHostAreFollowed() throws Exception {
        assertThat(read(PATIENT, "/moved").entries()).isEqualTo(100);
    }

    @Test
    void redirectsToAnotherHostAreNot() {
        assertThatThrownBy(() -> read(PATIENT, "/away"))
                .isInstanceOf(IOException.class)
                .hasMessage("redirects to http://127.0.0.2 (expected: the same host, and no step back from https)");
    }

    @Test
    void redirectsInACircleEnd() {
        assertThatThrownBy(() -> read(PATIENT, "/loop"))
                .isInstanceOf(IOException.class)
                .hasMessage("redirects more than 5 times");
    }

    @Test
    void moreThanTheLargestSizeIsNotRead() {
        CrlDownload small = new CrlDownload(2_000, Duration.ofSeconds(30), null);

        assertThatThrownBy(() -> read(small, "/crl")).hasMessage("larger than 2000 bytes");
        assertThatThrownBy(() -> read(small, "/chunked")).hasMessage("larger than 2000 bytes");
    }

    @Test
    void anAnswerThatStopsIsNotWaitedForLongerThanPatienceLasts() {
        CrlDownload hasty = new CrlDownload(1 << 20, Duration.ofSeconds(1), null);

        assertThatThrownBy(() -> read(hasty, "/stops"))
                .isInstanceOf(IOException.class)
                .hasMessage("not read to its end within 1 s");
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLongerThanPatienceLasts() {
        CrlDownload hasty = new CrlDownload(1 << 20, Duration.ofMillis(300), null);

        assertThatThrownBy(() -> read(hasty, "/silent"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no answer in time");
    }

    @Test
    void aPageIsNoCrl() {
        assertThatThrownBy(() -> read(PATIENT, "/page")).isInstanceOf(CrlFormatException.class);
    }

    @Test
    void whereNobodyListensThereIsNoCrl() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        URI url = URI.create("http://127.0.0.1:" + port + "/crl");

        assertThatThrownBy(() -> PATIENT.read(url, CrlReader.unchecked()))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot connect to 127.0.0.1:" + port);
    }

    private CrlFacts read(CrlDownload download, String path) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return download.read(url, CrlReader.unchecked());
    }

    private static void answer(HttpExchange exchange, int length) throws IOException {
        exchange.sendResponseHeaders(200, length);
        exchange.getResponseBody().write(CRL);
        exchange.close();
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
