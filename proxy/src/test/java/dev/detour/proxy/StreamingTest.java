package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.Wire;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are larger than anybody should keep: passed on as they come, and no faster than they are taken. */
class StreamingTest {
    private static final long LARGE = 64L << 20;
    private static final int STEP = 1 << 20;
    /** What the proxy itself, two pairs of socket buffers of this machine and an unlucky moment may hold. */
    private static final long IN_FLIGHT = 40L << 20;

    private static final long MEMORY = 24L << 20;
    private static final Duration STILL = Duration.ofMillis(300);

    private final FakeBackend backend = FakeBackend.clear();

    @TempDir
    Path directory = Path.of(".");

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void aSlowReaderHoldsTheBackendBackAndMemoryStaysBounded() throws Exception {
        AtomicLong sent = new AtomicLong();
        backend.answer(wire -> sendCounted(wire, sent));

        try (RunningProxy proxy = RunningProxy.with().endpoints(backend).start();
                RawClient client = proxy.client()) {
            long before = directMemory();
            client.get("/packages/large");
            awaitStandstill(sent);
            long stuckAt = sent.get();
            long used = directMemory() - before;
            RawResponse response = client.read();

            assertThat(stuckAt).isLessThan(IN_FLIGHT);
            assertThat(used).isLessThan(MEMORY);
            assertThat(response.complete()).isTrue();
            assertThat(response.bodyLength()).isEqualTo(LARGE);
        }
    }

    @Test
    void aLargeAnswerIsPassedOnUnchangedOverTls() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        backend.answer(Answer.large(LARGE));

        try (RunningProxy proxy = RunningProxy.with()
                        .endpoints(backend)
                        .identity(certificates.server(), directory)
                        .start();
                RawClient secure = proxy.client(certificates.clientContext(null));
                RawClient clear = proxy.client()) {
            RawResponse overTls = secure.get("/packages/large").read();
            RawResponse inClear = clear.get("/packages/large").read();

            assertThat(overTls.bodyLength()).isEqualTo(LARGE);
            assertThat(overTls.sha256()).isEqualTo(inClear.sha256());
        }
    }

    @Test
    void aSlowBackendHoldsTheUploaderBack() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        backend.answerBy(head -> {
            awaitQuietly(read);
            return Answer.ok("ok");
        });

        try (RunningProxy proxy = RunningProxy.with().endpoints(backend).start();
                RawClient client = proxy.client()) {
            long before = directMemory();
            Thread sender = new Thread(() -> sendLargePost(client, sent), "sender");
            sender.setDaemon(true);
            sender.start();
            awaitStandstill(sent);
            long stuckAt = sent.get();
            long used = directMemory() - before;
            read.countDown();
            sender.join(Await.PATIENCE.toMillis());

            assertThat(stuckAt).isLessThan(IN_FLIGHT);
            assertThat(used).isLessThan(MEMORY);
            assertThat(client.read().text()).isEqualTo("ok");
            backend.awaitRequests(1, Await.PATIENCE);
            assertThat(backend.requests().get(0).bodyLength()).isEqualTo(LARGE);
            assertThat(backend.requests().get(0).complete()).isTrue();
        }
    }

    @Test
    void aBodyLargerThanIsHeldIsPassedOnAtOnce() throws Exception {
        String start = "x".repeat(2000);
        CountDownLatch seen = new CountDownLatch(1);
        backend.answer(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4000\r\n\r\n" + start);
            awaitQuietly(seen);
            wire.send(start);
        });

        try (RunningProxy proxy =
                        RunningProxy.with().endpoints(backend).holdUpTo(3999).start();
                RawClient client = proxy.client()) {
            client.get("/packages/x").limit(Duration.ofMillis(500));
            RawResponse begun = client.read();
            seen.countDown();

            // the head and the first half came, although the rest was still held back
            assertThat(begun.end()).isEqualTo(RawResponse.End.TIMED_OUT);
            assertThat(begun.status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyOfUnknownLengthIsPassedOnFromItsFirstByteIfNothingIsToBeHeld() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        backend.answer(wire -> {
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            awaitQuietly(seen);
            wire.send("0\r\n\r\n");
        });

        try (RunningProxy proxy =
                        RunningProxy.with().endpoints(backend).holdUpTo(0).start();
                RawClient client = proxy.client()) {
            client.get("/packages/x").limit(Duration.ofMillis(500));
            RawResponse begun = client.read();
            seen.countDown();

            assertThat(begun.end()).isEqualTo(RawResponse.End.TIMED_OUT);
            assertThat(begun.status()).isEqualTo(200);
        }
    }

    @Test
    void aPauseOfTheReaderIsNotHeldAgainstTheBackend() throws Exception {
        AtomicLong sent = new AtomicLong();
        backend.answer(wire -> sendCounted(wire, sent));

        try (RunningProxy proxy = RunningProxy.with()
                        .endpoints(backend)
                        .betweenBytes(Duration.ofMillis(100))
                        .start();
                RawClient client = proxy.client()) {
            client.get("/packages/large");
            awaitStandstill(sent);
            RawResponse response = client.read();

            assertThat(response.complete()).isTrue();
            assertThat(proxy.attempts("between_bytes_timeout")).isZero();
        }
    }

    @Test
    void aPauseOfTheUploaderIsNotHeldAgainstTheBackend() throws Exception {
        try (RunningProxy proxy = RunningProxy.with()
                        .endpoints(backend)
                        .betweenBytes(Duration.ofMillis(100))
                        .start();
                RawClient client = proxy.client()) {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
            backend.awaitHeads(1, Await.PATIENCE);
            Await.throughout(Duration.ofMillis(400), () -> true);
            client.send("world");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(proxy.attempts("between_bytes_timeout")).isZero();
        }
    }

    private static void sendCounted(Wire wire, AtomicLong sent) throws IOException {
        wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + LARGE + "\r\n\r\n");
        while (sent.get() < LARGE) {
            wire.sendPattern(STEP);
            sent.addAndGet(STEP);
        }
    }

    private static void sendLargePost(RawClient client, AtomicLong sent) {
        try {
            client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE + "\r\n\r\n");
            while (sent.get() < LARGE) {
                client.sendPattern(STEP);
                sent.addAndGet(STEP);
            }
        } catch (IOException e) {
            sent.set(Long.MAX_VALUE);
        }
    }

    /** Waits until nothing more goes out for a while, though something did. */
    private static void awaitStandstill(AtomicLong sent) {
        Await.until(
                () -> {
                    long now = sent.get();
                    return now > 0 && Await.throughout(STILL, () -> sent.get() == now);
                },
                () -> "still sending: " + sent);
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() + PlatformDependent.usedDirectMemory();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aClientThatPipelinesAndNeverReadsIsNotReadForEver() throws Exception {
        byte[] requests = "GET /simple/x/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .repeat(1_000)
                .getBytes(StandardCharsets.US_ASCII);
        try (FakeBackend refusing = FakeBackend.clear();
                RunningProxy proxy = RunningProxy.with().endpoints(refusing).start();
                SocketChannel client =
                        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))) {
            refusing.refuse();
            client.configureBlocking(false);
            long taken = 0;
            long lastProgress = System.nanoTime();

            // until nothing more is taken for a second
            while (System.nanoTime() - lastProgress < 1_000_000_000L && taken < 64L * 1024 * 1024) {
                int written = client.write(ByteBuffer.wrap(requests));
                if (written > 0) {
                    taken += written;
                    lastProgress = System.nanoTime();
                }
            }

            // what the sockets' buffers hold, and not what 100,000 refusals would need
            assertThat(taken).isLessThan(16L * 1024 * 1024);
        }
    }
}
