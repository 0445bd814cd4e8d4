package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import dev.detour.config.mode.Mode;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.capture.CapturedAnswer;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers of the backend are copied for the mirror on their way through, and that nobody notices. */
@Timeout(30)
class CaptureTest {
    private static final String SIMPLE_JSON = "application/vnd.pypi.simple.v1+json";
    private static final String ACCEPT_JSON = "Accept: " + SIMPLE_JSON;
    private static final String PAGE = "/simple/Sample_Project/";
    private static final byte[] BODY = "{\"name\":\"sample-project\",\"files\":[]}\n".getBytes(StandardCharsets.UTF_8);

    private final FakeBackend backend = FakeBackend.clear();
    private final RecordingSink sink = new RecordingSink();

    @SuppressWarnings("NullAway.Init")
    private RunningProxy proxy;

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    private ProxyDescription description() {
        return RunningProxy.with()
                .endpoints(backend)
                .mirror(StubMirror.page())
                .capture(sink)
                .route("release", "/pypi/{project}/{version}/json", Set.of("GET", "HEAD"), ApiClass.JSON)
                .route(
                        "provenance",
                        "/integrity/{project}/{version}/{filename}/provenance",
                        Set.of("GET", "HEAD"),
                        ApiClass.JSON)
                .route("writes", "/simple-writes/{project}/", Set.of(), ApiClass.SIMPLE);
    }

    private void start() throws IOException {
        proxy = description().start();
    }

    private void startWithCache() throws IOException {
        proxy = description()
                .cache(Caches.inMemory(64 << 20, 32 << 20, Duration.ofSeconds(10), false))
                .start();
    }

    private static Answer page(String... headers) {
        return Answer.status(200, SIMPLE_JSON, BODY, headers);
    }

    private RawResponse get(String... headers) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(headers));
        all.add(ACCEPT_JSON);
        return proxy.get(PAGE, all.toArray(String[]::new));
    }

    /** An answer that is copied for certain: what was to be copied before it has been by then. */
    private void assertNothingOfTheOthersWasOffered() throws IOException {
        backend.answer(Answer.status(200, "application/json", "{\"marker\":1}"));
        assertThat(proxy.get("/pypi/marker/json").status()).isEqualTo(200);
        CapturedAnswer marker = sink.awaitOnly();
        assertThat(marker.resource()).isEqualTo(new MirrorResource.JsonProject("marker"));
    }

    @Test
    void aPageThatPassesIsOfferedOnceAsItWasSent() throws IOException {
        start();
        backend.answer(page("ETag: \"tag\"", "X-PyPI-Last-Serial: 42", "Cache-Control: max-age=600, public"));

        RawResponse answer = get();

        CapturedAnswer captured = sink.awaitOnly();
        assertThat(answer.body()).isEqualTo(BODY);
        assertThat(answer.header("detour-source")).isEqualTo("backend");
        assertThat(RecordingSink.bytesOf(captured)).isEqualTo(BODY);
        assertThat(captured.resource()).isEqualTo(new MirrorResource.SimpleProject("Sample_Project"));
        assertThat(captured.contentType()).isEqualTo(SIMPLE_JSON);
        assertThat(captured.contentEncoding()).isNull();
        assertThat(captured.etag()).isEqualTo("\"tag\"");
        assertThat(captured.lastSerial()).isEqualTo("42");
    }

    @Test
    void aCompressedPageIsOfferedInItsCoding() throws IOException {
        start();
        byte[] compressed = gzip(BODY);
        backend.answer(Answer.status(200, SIMPLE_JSON, compressed, "Content-Encoding: gzip"));

        RawResponse answer = get("Accept-Encoding: gzip");

        assertThat(answer.body()).isEqualTo(compressed);
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(compressed);
        assertThat(sink.awaitOnly().contentEncoding()).isEqualTo("gzip");
    }

    @Test
    void aPageInChunksIsOfferedWhole() throws IOException {
        start();
        backend.answer(Answer.chunked(SIMPLE_JSON, "{\"name\":", "\"sample", "-project\"}"));

        RawResponse answer = get();

        assertThat(answer.text()).isEqualTo("{\"name\":\"sample-project\"}");
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(answer.body());
    }

    @Test
    void aPageOfSeveralMegabytesIsOfferedByteForByte() throws IOException {
        start();
        byte[] large = pattern(5 << 20);
        backend.answer(Answer.status(200, SIMPLE_JSON, large));

        RawResponse answer = get();

        assertThat(answer.body()).isEqualTo(large);
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(large);
    }

    @Test
    void documentsAndAttestationsAreOfferedToo() throws IOException {
        start();
        backend.answer(Answer.status(200, "application/json", BODY));

        proxy.get("/pypi/one/json");
        proxy.get("/pypi/one/1.0/json");
        proxy.get("/integrity/one/1.0/one-1.0.tar.gz/provenance");

        Await.until(() -> sink.offered().size() == 3, () -> sink.offered().size() + " offered");
        assertThat(sink.offered())
                .extracting(CapturedAnswer::resource)
                .containsExactly(
                        new MirrorResource.JsonProject("one"),
                        new MirrorResource.JsonRelease("one", "1.0"),
                        new MirrorResource.Provenance("one", "1.0", "one-1.0.tar.gz"));
    }

    @Test
    void aPageInHtmlIsNotCopiedAndTheProjectIsWanted() throws IOException {
        start();
        backend.answer(Answer.ok("<!DOCTYPE html>"));

        proxy.get(PAGE);

        assertThat(sink.wanted()).containsExactly("Sample_Project");
        assertThat(sink.considered()).isEmpty();
        assertNothingOfTheOthersWasOffered();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Basic eDp5", "Cookie: session=1", "Range: bytes=0-9"})
    void anAnswerToARequestOfSomebodyIsNotOffered(String header) throws IOException {
        start();
        backend.answer(page());

        RawResponse answer = get(header);

        assertThat(answer.body()).isEqualTo(BODY);
        assertNothingOfTheOthersWasOffered();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Set-Cookie: session=1",
                "Cache-Control: private",
                "Cache-Control: no-store",
                "Surrogate-Control: no-store",
                "Vary: *",
                "Detour-Source: mirror",
                "Detour-Source: stale"
            })
    void anAnswerThatIsNotWhatEverybodyGetsFromTheIndexIsNotOffered(String header) throws IOException {
        start();
        backend.answer(page(header));

        RawResponse answer = get();

        assertThat(answer.body()).isEqualTo(BODY);
        assertNothingOfTheOthersWasOffered();
    }

    @ParameterizedTest
    @ValueSource(ints = {203, 301, 404, 410, 500})
    void anotherStatusIsNotOffered(int status) throws IOException {
        start();
        backend.answer(Answer.status(status, SIMPLE_JSON, BODY));

        get();

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aHeadIsNotOffered() throws IOException {
        start();
        backend.answer(page());

        proxy.request("HEAD", PAGE, ACCEPT_JSON);

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void anAnswerToAPostIsNotOffered() throws IOException {
        start();
        backend.answer(page());

        RawResponse answer = proxy.request("POST", "/simple-writes/x/", ACCEPT_JSON, "Content-Length: 0");

        assertThat(answer.body()).isEqualTo(BODY);
        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void anAnswerToAGetWithABodyIsNotOffered() throws IOException {
        start();
        backend.answer(page());

        try (RawClient client = proxy.client()) {
            client.send("GET " + PAGE + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(client.read().body()).isEqualTo(BODY);
        }

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aQueryOtherThanTheFormIsNotOffered() throws IOException {
        start();
        backend.answer(page());

        proxy.get(PAGE + "?as-of=2020", ACCEPT_JSON);
        proxy.get(PAGE + "?format=application/vnd.pypi.simple.v1%2Bjson&as-of=2020", ACCEPT_JSON);

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aTruncatedPageIsNotOffered() throws IOException {
        proxy = description().holdUpTo(1).start();
        String head = "HTTP/1.1 200 OK\r\nContent-Type: " + SIMPLE_JSON + "\r\n";
        backend.answerNext(
                Answer.closeAfter(head + "Content-Length: 100\r\n\r\n{\"name\":"),
                Answer.closeAfter(head + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"name\":\r\n"),
                Answer.resetAfter(head + "Content-Length: 100\r\n\r\n{\"name\":"));

        assertThat(get().complete()).isFalse();
        get();
        get();

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aPageWhoseEndIsThatOfTheConnectionIsNotOffered() throws IOException {
        start();
        backend.answer(
                Answer.closeAfter("HTTP/1.1 200 OK\r\nContent-Type: " + SIMPLE_JSON + "\r\n\r\n{\"name\":\"x\"}"));

        assertThat(get().text()).isEqualTo("{\"name\":\"x\"}");

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aPageThatIsTooLargeIsSentOnAndNotOffered() throws IOException {
        start();
        int tooLarge = (16 << 20) + 1;
        backend.answer(Answer.status(200, SIMPLE_JSON, pattern(tooLarge)));

        assertThat(get().bodyLength()).isEqualTo(tooLarge);

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void aPageThatTurnsOutToBeTooLargeIsSentOnAndNotOffered() throws IOException {
        start();
        String mebibyte = new String(pattern(1 << 20), StandardCharsets.ISO_8859_1);
        String[] parts = new String[17];
        Arrays.fill(parts, mebibyte);
        backend.answer(Answer.chunked(SIMPLE_JSON, parts));

        assertThat(get().bodyLength()).isEqualTo(17L << 20);

        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void brokenCopiesGiveTheirRoomBack() throws IOException {
        proxy = description().holdUpTo(1).start();
        String head =
                "HTTP/1.1 200 OK\r\nContent-Type: " + SIMPLE_JSON + "\r\nContent-Length: " + (8 << 20) + "\r\n\r\n";
        String part = new String(pattern(4 << 20), StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 6; i++) {
            backend.answerNext(Answer.closeAfter(head + part));
            assertThat(get().complete()).isFalse();
        }

        byte[] large = pattern(12 << 20);
        backend.answer(Answer.status(200, SIMPLE_JSON, large));
        get();

        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(large);
    }

    @Test
    void withoutRoomNothingIsOffered() throws IOException {
        start();
        sink.fill();
        backend.answer(page());

        RawResponse answer = get();

        assertThat(answer.body()).isEqualTo(BODY);
        assertThat(sink.considered()).containsExactly(new MirrorResource.SimpleProject("Sample_Project"));
        assertThat(sink.offered()).isEmpty();
    }

    @Test
    void aDivertedAnswerIsNotOffered() throws IOException {
        start();
        proxy.mode(Mode.DIVERT);

        RawResponse answer = get();

        assertThat(answer.header("detour-source")).isEqualTo("mirror");
        proxy.mode(Mode.NORMAL);
        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void anAnswerTakenFromTheMirrorInAnOutageIsNotOffered() throws IOException {
        start();
        backend.answer(Answer.status(503, SIMPLE_JSON, BODY));

        RawResponse answer = get();

        assertThat(answer.header("detour-source")).isEqualTo("mirror");
        assertNothingOfTheOthersWasOffered();
    }

    @Test
    void theSecondEndpointsAnswerIsOfferedAfterTheFirstBroke() throws IOException {
        FakeBackend second = FakeBackend.clear();
        proxy = description().holdUpTo(1 << 20).endpoints(second).attempts(2).start();
        Answer broken = Answer.closeAfter(
                "HTTP/1.1 200 OK\r\nContent-Type: " + SIMPLE_JSON + "\r\nContent-Length: 100\r\n\r\n{\"name\":");
        backend.answer(broken);
        second.answer(page());

        assertThat(get().body()).isEqualTo(BODY);
        backend.answer(page());
        second.answer(broken);

        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(BODY);
        second.close();
    }

    @Test
    void aSinkThatIsSlowDelaysNobodysAnswer() throws IOException {
        start();
        CountDownLatch answered = new CountDownLatch(1);
        sink.onOffer(() -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        byte[] large = pattern(1 << 20);
        backend.answer(Answer.status(200, SIMPLE_JSON, large));

        RawResponse answer = get();
        answered.countDown();

        assertThat(answer.body()).isEqualTo(large);
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(large);
    }

    @Test
    void aSinkThatThrowsHarmsNoAnswer() throws IOException {
        start();
        sink.onOffer(() -> {
            throw new IllegalStateException("on purpose");
        });
        backend.answer(page());

        try (RawClient client = proxy.client()) {
            assertThat(client.get(PAGE, ACCEPT_JSON).read().body()).isEqualTo(BODY);
            assertThat(client.get(PAGE, ACCEPT_JSON).read().body()).isEqualTo(BODY);
        }
    }

    @Test
    void withACacheManyReadersMakeOneCapture() throws IOException {
        startWithCache();
        CountDownLatch go = new CountDownLatch(1);
        byte[] large = pattern(1 << 20);
        Answer fresh = Answer.status(200, SIMPLE_JSON, large, "Cache-Control: max-age=600", "ETag: \"a\"");
        backend.answer(wire -> {
            await(go);
            fresh.play(wire);
        });

        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(proxy.client().get(PAGE, ACCEPT_JSON));
        }
        backend.awaitHeads(1, Await.PATIENCE);
        go.countDown();
        for (RawClient client : clients) {
            assertThat(client.read().body()).isEqualTo(large);
            client.close();
        }
        RawResponse later = get();

        assertThat(later.header("detour-source")).isEqualTo("cache");
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(large);
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void withACacheWhatMayNotBeKeptIsHandedOnAndOfferedOnce() throws IOException {
        startWithCache();
        backend.answer(page());

        RawResponse answer = get();

        assertThat(answer.body()).isEqualTo(BODY);
        assertThat(RecordingSink.bytesOf(sink.awaitOnly())).isEqualTo(BODY);
    }

    @Test
    void withACacheThatIsToldThatNothingChangedNothingIsOffered() throws IOException {
        startWithCache();
        backend.answer(page("ETag: \"a\"", "Cache-Control: no-cache"));
        get();
        assertThat(sink.awaitOnly().etag()).isEqualTo("\"a\"");
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"));

        RawResponse again = get();

        assertThat(again.body()).isEqualTo(BODY);
        assertThat(backend.heads()).hasSize(2);
        assertThat(sink.offered()).hasSize(1);
    }

    @Test
    void aRouteWhoseMirrorCopiesNothingAsksNobody() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).mirror(StubMirror.page()).start();
        backend.answer(page());

        assertThat(get().body()).isEqualTo(BODY);

        assertThat(sink.considered()).isEmpty();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + i % 23);
        }
        return bytes;
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }
}
