package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a mirror, sent block by block. */
class MirrorFileTest {
    private static final int SIZE = (5 << 20) + 12_345;

    /** Long enough for the sender to get stuck. */
    private static final Duration STILL = Duration.ofMillis(300);

    private final FakeBackend backend = FakeBackend.clear();
    private final byte[] content = new byte[SIZE];

    @TempDir
    Path directory = Path.of(".");

    private Path file = Path.of(".");

    @BeforeEach
    void writeFile() throws IOException {
        new Random(1).nextBytes(content);
        file = directory.resolve("wheel.whl");
        Files.write(file, content);
        backend.refuse();
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    private RunningProxy proxyWith(StubMirror mirror) throws IOException {
        return RunningProxy.with().endpoints(backend).mirror(mirror).start();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aFileArrivesByteForByteAndTheConnectionStays() throws Exception {
        try (RunningProxy proxy = proxyWith(StubMirror.file(file));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                RawResponse response = client.get("/packages/wheel.whl").read();

                assertThat(response.complete()).isTrue();
                assertThat(response.header("content-length")).isEqualTo(String.valueOf(SIZE));
                assertThat(response.header("detour-source")).isEqualTo("mirror");
                assertThat(response.sha256()).isEqualTo(sha256(content));
            }
            assertThat(proxy.accessLine("/packages/wheel.whl")).contains("\" 200 " + SIZE + " ");
        }
    }

    @Test
    void aFileArrivesByteForByteOverTls() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        try (RunningProxy proxy = RunningProxy.with()
                        .endpoints(backend)
                        .mirror(StubMirror.file(file))
                        .identity(certificates.server(), directory)
                        .start();
                RawClient client = proxy.client(certificates.clientContext(null))) {
            RawResponse response = client.get("/packages/wheel.whl").read();

            assertThat(response.complete()).isTrue();
            assertThat(response.sha256()).isEqualTo(sha256(content));
        }
    }

    @Test
    void aRangeIsThatPartOfTheFile() throws Exception {
        StubMirror ranges = StubMirror.of(request -> StubMirror.part(206, file, 1_000_001, 200_000));
        try (RunningProxy proxy = proxyWith(ranges)) {
            RawResponse response = proxy.get("/packages/wheel.whl", "Range: bytes=1000001-1200000");

            assertThat(response.status()).isEqualTo(206);
            assertThat(response.body()).isEqualTo(Arrays.copyOfRange(content, 1_000_001, 1_200_001));
            assertThat(ranges.asked().get(0).range()).isEqualTo("bytes=1000001-1200000");
        }
    }

    @Test
    void anEmptyFileIsAnEmptyAnswer() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty"));
        try (RunningProxy proxy = proxyWith(StubMirror.file(empty));
                RawClient client = proxy.client()) {
            RawResponse response = client.get("/packages/empty").read();

            assertThat(response.complete()).isTrue();
            assertThat(response.header("content-length")).isEqualTo("0");
            assertThat(client.get("/packages/empty").read().status()).isEqualTo(200);
        }
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        StubMirror mirror =
                StubMirror.of(request -> new MirrorAnswer.Found(200, Map.of(), SIZE, new MirrorAnswer.Body.None()));
        try (RunningProxy proxy = proxyWith(mirror);
                RawClient client = proxy.client()) {
            RawResponse response = client.request("HEAD", "/packages/x").read("HEAD");

            assertThat(response.header("content-length")).isEqualTo(String.valueOf(SIZE));
            assertThat(client.request("HEAD", "/packages/x").read("HEAD").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void notModifiedHasNoBody() throws Exception {
        StubMirror mirror = StubMirror.of(
                request -> new MirrorAnswer.Found(304, Map.of("ETag", "\"mirror\""), -1, new MirrorAnswer.Body.None()));
        try (RunningProxy proxy = proxyWith(mirror);
                RawClient client = proxy.client()) {
            RawResponse response =
                    client.get("/simple/x/", "If-None-Match: \"mirror\"").read();

            assertThat(response.status()).isEqualTo(304);
            assertThat(response.complete()).isTrue();
            assertThat(client.get("/simple/x/").read().status()).isEqualTo(304);
        }
    }

    @Test
    void aFileThatVanishedIsNotPromised() throws Exception {
        Path gone = directory.resolve("gone");
        try (RunningProxy proxy = proxyWith(StubMirror.of(request -> StubMirror.part(200, gone, 0, 1000)));
                RawClient client = proxy.client()) {
            RawResponse response = client.get("/packages/gone").read();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("detour-source")).isEqualTo("refusal");
            assertThat(client.get("/packages/gone").read().status()).isEqualTo(503);
        }
    }

    @Test
    void aFileThatBecameShorterBreaksTheTransfer() throws Exception {
        try (RunningProxy proxy = proxyWith(StubMirror.of(request -> StubMirror.part(200, file, 0, SIZE + 1)))) {
            RawResponse response = proxy.get("/packages/wheel.whl");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.end()).isIn(RawResponse.End.RESET, RawResponse.End.TRUNCATED);
            assertThat(proxy.accessLine("/packages/")).contains("aborted=true");
        }
    }

    @Test
    void whatASlowReaderHasNotTakenIsNotReadAhead() throws Exception {
        Path large = sparse(64 << 20);
        try (RunningProxy proxy = proxyWith(StubMirror.file(large));
                RawClient client = proxy.client()) {
            client.get("/packages/large");
            // had all been read by now, cutting the file would not be noticed
            Await.throughout(STILL, () -> true);
            sparse(40 << 20);
            RawResponse response = client.read();

            assertThat(response.complete()).isFalse();
            assertThat(response.bodyLength()).isPositive().isLessThanOrEqualTo(40 << 20);
        }
    }

    @Test
    void aSlowReaderGetsTheWholeFile() throws Exception {
        try (RunningProxy proxy = proxyWith(StubMirror.file(sparse(32 << 20)));
                RawClient client = proxy.client()) {
            client.get("/packages/large");
            Await.throughout(STILL, () -> true);
            RawResponse response = client.read();

            assertThat(response.complete()).isTrue();
            assertThat(response.bodyLength()).isEqualTo(32 << 20);
        }
    }

    @Test
    void aClientThatLeavesEndsTheReading() throws Exception {
        try (RunningProxy proxy = proxyWith(StubMirror.file(sparse(64 << 20)))) {
            try (RawClient client = proxy.client()) {
                client.get("/packages/large");
                Await.throughout(STILL, () -> true);
            }

            assertThat(proxy.accessLine("/packages/")).contains("source=mirror", "aborted=true");
        }
    }

    /** The file {@code large}, made or cut to this size. */
    private Path sparse(int size) throws IOException {
        Path large = directory.resolve("large");
        try (RandomAccessFile access = new RandomAccessFile(large.toFile(), "rw")) {
            access.setLength(size);
        }
        return large;
    }
}
