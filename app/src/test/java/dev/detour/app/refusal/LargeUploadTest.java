package dev.detour.app.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.ReceivedRequest;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An upload of any size passes through in memory that does not grow with it, whichever side is the slower one. */
@Timeout(60)
class LargeUploadTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final int MEBIBYTE = 1 << 20;
    private static final long MOST_MEMORY = 64L * MEBIBYTE;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @Test
    void gibibytePassesThroughUnchangedInConstantMemory() throws Exception {
        try (FakeBackend backend = FakeBackend.clear();
                Front front = Front.of(backend.url(), directory);
                RawClient client = RawClient.clear(front.clearPort())) {
            client.limit(PATIENCE);

            Sent sent = send(client, GIBIBYTE);
            RawResponse response = client.read();

            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            ReceivedRequest received = backend.requests().get(0);
            assertThat(received.bodyLength()).isEqualTo(GIBIBYTE);
            assertThat(received.sha256()).isEqualTo(sent.sha256());
            assertThat(sent.mostMemory()).isLessThan(MOST_MEMORY);
        }
    }

    @Test
    void clientOverTlsWaitsForABackendThatStopsReading() throws Exception {
        long length = GIBIBYTE / 4;
        try (PausingBackend backend = new PausingBackend(length / 4, Duration.ofSeconds(1));
                Front front = Front.of(backend.url(), directory);
                RawClient client = RawClient.tls(front.tlsPort(), front.clientContext(), "localhost")) {
            client.limit(PATIENCE);

            Sent sent = send(client, length);
            RawResponse response = client.read();

            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            assertThat(response.text()).isEqualTo(sent.sha256());
            assertThat(sent.mostMemory()).isLessThan(MOST_MEMORY);
            assertThat(backend.pauses()).isOne();
            assertThat(sent.slowestMillis()).isGreaterThan(500);
        }
    }

    /** What went out, the most Netty held meanwhile, and how long the slowest piece took. */
    private record Sent(String sha256, long mostMemory, long slowestMillis) {}

    private static Sent send(RawClient client, long length) throws Exception {
        client.send("POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
                + "Content-Length: " + length + "\r\n\r\n");
        byte[] piece = new byte[MEBIBYTE];
        new Random(1).nextBytes(piece);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long mostMemory = 0;
        long slowest = 0;
        for (long at = 0; at < length; at += piece.length) {
            // no two pieces are the same, so that a lost, doubled or swapped one shows
            ByteBuffer.wrap(piece).putLong(at);
            digest.update(piece);
            long began = System.nanoTime();
            client.send(piece);
            slowest = Math.max(slowest, System.nanoTime() - began);
            mostMemory = Math.max(mostMemory, directMemory());
        }
        return new Sent(HexFormat.of().formatHex(digest.digest()), mostMemory, slowest / 1_000_000);
    }

    /** What the allocator of every channel in this process has taken from the system. */
    private static long directMemory() {
        ByteBufAllocatorMetricProvider allocator = (ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT;
        long used = allocator.metric().usedDirectMemory();
        assertThat(used).as("direct memory, which a proxy in use has some of").isPositive();
        return used;
    }
}
