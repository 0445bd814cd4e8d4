package dev.detour.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.detour.app.demo.Clients.RawConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

@Timeout(60)
class DemoIndexFaultTest {
    private static final String PAGE = "/simple/demolib/";

    private final DemoPackages packages = new DemoPackages();
    private final byte[] wholePage =
            DemoPage.projectHtml(packages.project("demolib").orElseThrow());
    private final DemoIndex index = DemoIndex.https(packages, 0, Clock.systemUTC());

    @AfterEach
    void stop() {
        index.close();
    }

    @Test
    void expiredCertificateIsShown() {
        index.setFault(DemoFault.TLS_EXPIRED);

        assertThatThrownBy(this::get)
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class)
                .hasStackTraceContaining("2021");
    }

    @Test
    void certificateOfAnUnknownAuthorityIsShown() {
        index.setFault(DemoFault.TLS_UNTRUSTED);

        assertThatThrownBy(this::get)
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertPathBuilderException.class);
    }

    @Test
    void connectionIsRefused() {
        index.setFault(DemoFault.REFUSE);

        assertThatThrownBy(() -> Clients.raw(index)).isInstanceOf(ConnectException.class);
    }

    @Test
    void connectionIsResetOnceTheRequestArrived() throws Exception {
        index.setFault(DemoFault.RESET);

        try (RawConnection connection = Clients.raw(index)) {
            connection.get(PAGE);

            assertThatThrownBy(() -> connection.socket().getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        assertThat(index.requests()).containsExactly(new DemoRequest("GET", PAGE));
    }

    @Test
    void requestIsReadAndNeverAnswered() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        index.onRequest(request -> arrived.countDown());
        index.setFault(DemoFault.HANG);

        try (RawConnection connection = Clients.raw(index)) {
            connection.get(PAGE);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            connection.socket().setSoTimeout(500);

            assertThatThrownBy(() -> connection.socket().getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void bodyDripsByteByByte() throws Exception {
        index.setFault(DemoFault.SLOW);

        try (RawConnection connection = Clients.raw(index)) {
            connection.get(PAGE);
            String head = connection.head();
            int first = connection.socket().getInputStream().read();
            connection.socket().setSoTimeout(300);

            assertThat(head).startsWith("HTTP/1.1 200 ");
            assertThat(RawConnection.contentLength(head)).isEqualTo(wholePage.length);
            assertThat(first).isEqualTo('<');
            assertThatThrownBy(() -> connection.socket().getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void slowBodyIsCompleteInTheEnd() throws Exception {
        index.setFault(DemoFault.SLOW);

        try (RawConnection connection = Clients.raw(index)) {
            connection.get("/_health/");
            connection.head();

            assertThat(connection.socket().getInputStream().readNBytes(2))
                    .asString()
                    .isEqualTo("OK");
        }
    }

    @Test
    void everyRequestFailsWithStatus500AndAPage() throws Exception {
        index.setFault(DemoFault.STATUS_500);

        HttpResponse<byte[]> response = get();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/html; charset=UTF-8");
        assertThat(response.body()).asString().contains("500 Internal Server Error");
    }

    @Test
    void halfOfTheBodyIsSentAndTheConnectionEnds() throws Exception {
        index.setFault(DemoFault.TRUNCATE);

        try (RawConnection connection = Clients.raw(index)) {
            connection.get(PAGE);
            String head = connection.head();
            byte[] body = connection.socket().getInputStream().readAllBytes();

            assertThat(RawConnection.contentLength(head)).isEqualTo(wholePage.length);
            assertThat(body).isEqualTo(Arrays.copyOf(wholePage, wholePage.length / 2));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void faultMeetsTheNextRequestOfAKeptAliveClientAndHealingEndsIt(DemoFault fault) throws Exception {
        HttpClient client = Clients.http();
        assertThat(get(client).get(10, TimeUnit.SECONDS).body()).isEqualTo(wholePage);

        index.setFault(fault);
        CompletableFuture<HttpResponse<byte[]>> broken = get(client);
        assertThat(isWholeWithin(broken, 1)).isFalse();
        index.setFault(DemoFault.NONE);

        HttpResponse<byte[]> healed = get(client).get(10, TimeUnit.SECONDS);
        assertThat(healed.statusCode()).isEqualTo(200);
        assertThat(healed.body()).isEqualTo(wholePage);
    }

    @ParameterizedTest
    @EnumSource
    void changeOfFaultEndsConnectionsThatWereOpen(DemoFault fault) throws Exception {
        try (RawConnection connection = Clients.raw(index)) {
            connection.get("/_health/");
            String head = connection.head();
            byte[] body = connection.socket().getInputStream().readNBytes(2);

            index.setFault(fault);

            assertThat(head).startsWith("HTTP/1.1 200 ");
            assertThat(body).asString().isEqualTo("OK");
            assertThat(connection.socket().getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void faultsFollowEachOtherOnOnePort() throws Exception {
        int port = index.port();

        for (int round = 0; round < 20; round++) {
            index.setFault(DemoFault.REFUSE);
            assertThatThrownBy(() -> Clients.raw(index)).isInstanceOf(ConnectException.class);
            index.setFault(DemoFault.NONE);
            assertThat(get().statusCode()).isEqualTo(200);
        }

        assertThat(index.port()).isEqualTo(port);
        assertThat(index.fault()).isEqualTo(DemoFault.NONE);
    }

    @Test
    void listenerThatSwitchesTheFaultIsToldWhyItMayNot() throws Exception {
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        index.onRequest(request -> {
            try {
                index.setFault(DemoFault.HANG);
            } catch (IllegalStateException e) {
                refused.complete(e);
            }
        });

        assertThat(get().statusCode()).isEqualTo(200);

        assertThat(refused.get(10, TimeUnit.SECONDS)).hasMessageContaining("listener");
    }

    private HttpResponse<byte[]> get() throws Exception {
        return Clients.http().send(request(), BodyHandlers.ofByteArray());
    }

    private CompletableFuture<HttpResponse<byte[]>> get(HttpClient client) {
        return client.sendAsync(request(), BodyHandlers.ofByteArray());
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create(index.uri() + PAGE)).build();
    }

    private boolean isWholeWithin(CompletableFuture<HttpResponse<byte[]>> answer, int seconds)
            throws InterruptedException {
        try {
            HttpResponse<byte[]> response = answer.get(seconds, TimeUnit.SECONDS);
            return response.statusCode() == 200 && Arrays.equals(response.body(), wholePage);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
            return false;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
