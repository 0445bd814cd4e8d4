package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.github.luben.zstd.Zstd;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get that accept content codings, of answers that the backend sent without one. */
@SuppressWarnings("NullAway.Init")
class CompressionTest {
    private static final String PAGE = "/simple/x/";
    private static final String TEXT = "<a href=\"../../packages/x-1.0.tar.gz\">x-1.0.tar.gz</a>\n".repeat(200);

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .cache(Caches.inMemory(16 << 20, 1 << 20, Duration.ofSeconds(10), false))
                .clock(clock)
                .start();
        backend.answer(page(TEXT));
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private static Answer page(String text, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Cache-Control: max-age=60");
        all.add("ETag: \"one\"");
        return Answer.status(200, "text/html", text.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    private static String decoded(RawResponse response) {
        byte[] body = response.body();
        String coding = String.valueOf(response.header("content-encoding"));
        try {
            return new String(
                    switch (coding) {
                        case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
                        case "br" -> brotli(body);
                        case "zstd" -> Zstd.decompress(body, 10 << 20);
                        default -> throw new AssertionError("content-encoding: " + coding);
                    },
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] brotli(byte[] body) throws IOException {
        Brotli4jLoader.ensureAvailability();
        return Decoder.decompress(body).getDecompressedData();
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip",
        "br, br",
        "zstd, zstd",
        "'gzip, deflate', gzip",
        "'gzip, br, zstd', zstd",
        "'gzip, br', br",
        "'zstd;q=0.1, gzip;q=0.9', gzip",
        "'br;q=0, gzip', gzip",
        "GZIP, gzip"
    })
    void theClientGetsTheCodingItLikesBest(String accepted, String coding) throws IOException {
        RawResponse response = proxy.get(PAGE, "Accept-Encoding: " + accepted);

        assertThat(response.header("content-encoding")).isEqualTo(coding);
        assertThat(decoded(response)).isEqualTo(TEXT);
        assertThat(response.body().length).isLessThan(TEXT.length() / 10);
        assertThat(response.header("content-length")).isEqualTo(String.valueOf(response.body().length));
        assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
        assertThat(response.header("etag")).isEqualTo("W/\"one\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "deflate", "*", "gzip;q=0", "gzip;q=0.5, identity", "gzip;q=nonsense", ","})
    void whoLikesNothingBetterGetsTheBodyAsItIs(String accepted) throws IOException {
        RawResponse response = proxy.get(PAGE, "Accept-Encoding: " + accepted);

        assertThat(response.header("content-encoding")).isNull();
        assertThat(response.text()).isEqualTo(TEXT);
        assertThat(response.header("etag")).isEqualTo("\"one\"");
        assertThat(response.header("vary")).isEqualTo("Accept-Encoding");
    }

    @Test
    void oneFetchServesAllCodings() throws IOException {
        for (String coding : List.of("gzip", "br", "zstd", "identity", "gzip")) {
            proxy.get(PAGE, "Accept-Encoding: " + coding);
        }

        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void manyClientsAtATimeAllGetIt() throws Exception {
        proxy.get(PAGE);
        ExecutorService clients = Executors.newFixedThreadPool(16);
        List<Future<RawResponse>> answers =
                clients.invokeAll(List.copyOf(java.util.Collections.<Callable<RawResponse>>nCopies(
                        64, () -> proxy.get(PAGE, "Accept-Encoding: gzip"))));
        clients.shutdown();

        for (Future<RawResponse> answer : answers) {
            assertThat(decoded(answer.get())).isEqualTo(TEXT);
        }
    }

    @Test
    void aShortAnswerStaysAsItIs() throws IOException {
        backend.answer(page("short"));

        RawResponse response = proxy.get(PAGE, "Accept-Encoding: gzip");

        assertThat(response.header("content-encoding")).isNull();
        assertThat(response.header("vary")).isNull();
        assertThat(response.text()).isEqualTo("short");
    }

    @Test
    void whatDoesNotGetSmallerStaysAsItIs() throws IOException {
        StringBuilder random = new StringBuilder();
        new java.util.Random(7).ints(4_000, 0, 256).forEach(each -> random.append((char) each));
        byte[] body = random.toString().getBytes(StandardCharsets.ISO_8859_1);
        backend.answer(Answer.status(200, "text/plain", body, "Cache-Control: max-age=60"));

        for (int i = 0; i < 2; i++) {
            RawResponse response = proxy.get("/project/x/", "Accept-Encoding: gzip");
            assertThat(response.header("content-encoding")).isNull();
            assertThat(response.body()).isEqualTo(body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: gzip",
                "Cache-Control: no-transform",
                "Content-Digest: sha-256=:AAAA:",
                "Repr-Digest: sha-256=:AAAA:",
                "Content-MD5: AAAA"
            })
    void whatMustNotBeChangedIsNot(String header) throws IOException {
        backend.answer(page(TEXT, header));

        RawResponse response = proxy.get(PAGE, "Accept-Encoding: zstd");

        assertThat(response.header("content-encoding")).isNotEqualTo("zstd");
        assertThat(response.text()).isEqualTo(TEXT);
        assertThat(response.header("etag")).isEqualTo("\"one\"");
    }

    @Test
    void anArchiveStaysAsItIs() throws IOException {
        backend.answer(Answer.status(
                200, "application/octet-stream", TEXT.getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=60"));

        RawResponse response = proxy.get("/packages/x.whl", "Accept-Encoding: gzip");

        assertThat(response.header("content-encoding")).isNull();
        assertThat(response.header("vary")).isNull();
    }

    @Test
    void varyNamesWhatTheBackendNamedToo() throws IOException {
        backend.answer(page(TEXT, "Vary: Accept"));

        assertThat(proxy.get(PAGE, "Accept-Encoding: gzip").header("vary")).isEqualTo("Accept, Accept-Encoding");
    }

    @Test
    void theWeakTagOfACodedAnswerIsConfirmed() throws IOException {
        RawResponse first = proxy.get(PAGE, "Accept-Encoding: gzip");

        RawResponse again = proxy.get(PAGE, "Accept-Encoding: gzip", "If-None-Match: " + first.header("etag"));

        assertThat(again.status()).isEqualTo(304);
        assertThat(again.header("etag")).isEqualTo("W/\"one\"");
        assertThat(again.header("vary")).isEqualTo("Accept-Encoding");
        assertThat(again.header("content-encoding")).isNull();
    }

    @Test
    void aRangeIsOfTheBodyAsItIs() throws IOException {
        proxy.get(PAGE, "Accept-Encoding: gzip");

        RawResponse part = proxy.get(PAGE, "Accept-Encoding: gzip", "Range: bytes=0-9");

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.header("content-encoding")).isNull();
        assertThat(part.header("etag")).isEqualTo("\"one\"");
        assertThat(part.text()).isEqualTo(TEXT.substring(0, 10));
    }

    @Test
    void headTellsWhatGetWouldSend() throws IOException {
        RawResponse get = proxy.get(PAGE, "Accept-Encoding: br");

        RawResponse head = proxy.request("HEAD", PAGE, "Accept-Encoding: br");

        assertThat(head.header("content-encoding")).isEqualTo("br");
        assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
    }

    @Test
    void whatStillHoldsIsNotCodedAnew() throws IOException {
        RawResponse before = proxy.get(PAGE, "Accept-Encoding: gzip");
        clock.advance(Duration.ofSeconds(61));
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n\r\n"));

        RawResponse after = proxy.get(PAGE, "Accept-Encoding: gzip");

        assertThat(decoded(after)).isEqualTo(TEXT);
        assertThat(after.body()).isEqualTo(before.body());
    }

    @Test
    void codedBodiesCountAsMemory() throws IOException {
        proxy.get(PAGE);
        Await.until(() -> bytes() > 0, () -> "nothing kept");
        long plain = bytes();

        RawResponse coded = proxy.get(PAGE, "Accept-Encoding: gzip");
        Await.until(() -> bytes() > plain, () -> "still " + bytes());

        assertThat(bytes()).isEqualTo(plain + coded.body().length);
    }

    private long bytes() {
        return proxy.cache().statistics().bytes();
    }

    @Test
    void aChangedPageIsCodedAnew() throws IOException {
        proxy.get(PAGE, "Accept-Encoding: gzip");
        clock.advance(Duration.ofSeconds(61));
        backend.answer(page(TEXT + "changed"));

        assertThat(decoded(proxy.get(PAGE, "Accept-Encoding: gzip"))).isEqualTo(TEXT + "changed");
    }

    @Test
    void severalRequestsOnOneConnectionAreAnsweredInOrder() throws IOException {
        proxy.get(PAGE);
        try (RawClient client = proxy.client()) {
            client.get(PAGE, "Accept-Encoding: gzip");
            client.get(PAGE, "Accept-Encoding: identity");

            assertThat(decoded(client.read())).isEqualTo(TEXT);
            assertThat(client.read().text()).isEqualTo(TEXT);
        }
    }
}
