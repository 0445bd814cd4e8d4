package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A thousand clients want one cold page of 1 MiB at a time: it is fetched once, and it is in memory about once.
 *
 * <p><b>What is measured.</b> All memory outside of the heap that Netty has in this JVM, every millisecond: the cache, and the
 * buffers of all connections. From the moment in which all clients wait, to that in which the last has got its last byte, it
 * may grow by three pages. Half of the clients read as fast as they can, the other half not one byte until those are done, and
 * then in small pieces; their windows are small, so that what they have not read has to be held by the proxy, and not by the
 * kernel, whose buffers nobody here can count. What it takes to receive any page from a backend is in Netty's pools before:
 * one that is not kept has passed through.
 *
 * <p><b>What that proves.</b> Copies of the page made for each client, or for each slow one, would show as hundreds of
 * pages. Copies on the heap would have to be made on purpose: Netty reads into memory outside of it, as does the cache.
 */
@Timeout(20)
class CollapsedMemoryTest {
    private static final int CLIENTS = 1_000;
    private static final int PAGE_LENGTH = 1 << 20;
    private static final String PAGE = "/simple/x/";

    private final FakeBackend backend = FakeBackend.clear();

    @SuppressWarnings("NullAway.Init")
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .cache(Caches.inMemory(16 << 20, 4 << 20, Duration.ofSeconds(10), false))
                .start();
    }

    @AfterEach
    void stop() {
        proxy.close();
        backend.close();
    }

    @Test
    void aThousandClientsOfOneColdPageAreOneRequestAndThreePagesOfMemoryAtMost() throws Exception {
        byte[] page = page();
        warmUp(page);
        CountDownLatch all = new CountDownLatch(1);
        backend.answer(wire -> {
            await(all);
            Answer.status(200, "text/html", page, "Cache-Control: max-age=60").play(wire);
        });
        try (ManyClients clients = ManyClients.connect(proxy.port(), CLIENTS, page)) {
            clients.ask(PAGE);
            Await.until(
                    () -> proxy.cache().statistics().collapsed() == CLIENTS - 1,
                    () -> proxy.cache().statistics().collapsed() + " wait");
            try (DirectMemory memory = DirectMemory.watch()) {
                all.countDown();
                clients.read(0, CLIENTS / 2, 1 << 16);
                Await.until(() -> proxy.cache().statistics().entries() == 1, () -> "not kept");
                long whileHalfHaveReadNothing = memory.growth();
                clients.read(CLIENTS / 2, CLIENTS, 1 << 13);

                System.out.printf(
                        "%d clients of %d bytes: %d bytes more at most, %d while half of them had read nothing%n",
                        CLIENTS, PAGE_LENGTH, memory.most(), whileHalfHaveReadNothing);
                assertThat(memory.most()).isBetween((long) PAGE_LENGTH, 3L * PAGE_LENGTH);
            }
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void theMeasureWouldSeeCopies() throws Exception {
        byte[] page = page();
        List<ByteBuf> copies = new ArrayList<>();
        try (DirectMemory memory = DirectMemory.watch()) {
            for (int i = 0; i < 4; i++) {
                copies.add(ByteBufAllocator.DEFAULT.directBuffer(PAGE_LENGTH).writeBytes(page));
            }

            assertThat(memory.growth()).isGreaterThan(3L * PAGE_LENGTH);
        } finally {
            copies.forEach(ByteBuf::release);
        }
    }

    /** Has as long a page pass that is not kept: what it takes to receive it from the backend is in Netty's pools then. */
    private void warmUp(byte[] page) throws IOException {
        backend.answer(Answer.status(200, "text/html", page, "Cache-Control: no-store"));
        assertThat(proxy.get("/simple/other/").body()).isEqualTo(page);
        backend.forget();
    }

    private static byte[] page() {
        byte[] page = new byte[PAGE_LENGTH];
        for (int i = 0; i < page.length; i++) {
            page[i] = (byte) ('a' + i % 23);
        }
        return page;
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
