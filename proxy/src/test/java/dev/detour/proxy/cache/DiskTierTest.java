package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.CacheConfig;
import dev.detour.proxy.Await;
import dev.detour.testkit.ManualClock;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that hangs: the clock, which is read before each writing, stands in for it. */
@SuppressWarnings("NullAway.Init")
class DiskTierTest {
    private static final CacheKey KEY = new CacheKey("b", "h", "/a");

    @TempDir
    Path directory;

    private final ManualClock time = ManualClock.create();
    private final HangingClock disk = new HangingClock(time);
    private ResponseCache cache;

    @BeforeEach
    void open() {
        cache = new ResponseCache(
                new CacheConfig(
                        512 << 20,
                        16 << 20,
                        Duration.ofSeconds(10),
                        false,
                        true,
                        1_000,
                        new CacheConfig.Disk(directory.resolve("copies"), 256 << 20)),
                disk,
                time.nanoTime());
    }

    @AfterEach
    void close() {
        disk.goOn();
        cache.close();
    }

    private void keep(CacheKey key, int length) {
        ByteBuf body = cache.allocate(length).writeZero(length);
        cache.keep(
                key,
                new StoredAnswer(
                        200,
                        new DefaultHttpHeaders(),
                        EmptyHttpHeaders.INSTANCE,
                        new StorePolicy(60, 0, -1, -1, false, false, true, List.of(), Set.of()),
                        ResponseCache.variant(List.of(), EmptyHttpHeaders.INSTANCE, ""),
                        body,
                        time.nanoTime().getAsLong()),
                cache.purges());
    }

    private @Nullable StoredAnswer recalled(CacheKey key) throws Exception {
        CompletableFuture<@Nullable StoredAnswer> answer = new CompletableFuture<>();
        cache.recall(key, EmptyHttpHeaders.INSTANCE, "", answer::complete);
        return answer.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatHangsHasNothingAfterHalfASecond() throws Exception {
        keep(KEY, 10);
        Objects.requireNonNull(recalled(KEY)).release();
        assertThat(cache.mayRecall(KEY)).isTrue();
        disk.hang();
        keep(new CacheKey("b", "h", "/b"), 10);
        disk.awaitHanging();

        time.advance(Duration.ofMillis(501));

        assertThat(cache.mayRecall(KEY)).isFalse();
        disk.goOn();
        assertThat(recalled(KEY)).isNotNull().satisfies(StoredAnswer::release);
        assertThat(cache.mayRecall(KEY)).isTrue();
    }

    @Test
    void whatCannotBeWrittenSoonIsNotWrittenAndItsOlderCopyIsDropped() throws Exception {
        keep(KEY, 10);
        Objects.requireNonNull(recalled(KEY)).release();
        disk.hang();
        for (int i = 0; i < 8; i++) {
            keep(new CacheKey("b", "h", "/" + i), 8 << 20);
        }
        keep(KEY, 8 << 20);
        disk.goOn();
        cache.purge(new Purge(List.of("/none"), List.of(), false, true))
                .onDisk()
                .join();

        DiskStatistics statistics = Objects.requireNonNull(cache.statistics().disk());
        assertThat(statistics.skipped()).isPositive();
        assertThat(cache.mayRecall(KEY)).isFalse();
    }

    @Test
    void whatWasForgottenWhileItWasBeingWrittenIsNotFound() throws Exception {
        disk.hang();
        keep(KEY, 10);
        disk.awaitHanging();
        cache.remove(KEY);
        disk.goOn();

        assertThat(recalled(KEY)).isNull();
    }

    @Test
    void ifMoreWaitsThanCanBeAccountedForNothingOldIsFoundAfterwards() throws Exception {
        keep(KEY, 10);
        Objects.requireNonNull(recalled(KEY)).release();
        disk.hang();
        keep(new CacheKey("b", "h", "/b"), 10);
        disk.awaitHanging();
        for (int i = 0; i < 100_001; i++) {
            cache.remove(new CacheKey("b", "h", "/" + i));
        }
        disk.goOn();

        // as long as too much waits nothing is taken on
        CacheKey later = new CacheKey("b", "h", "/later");
        Await.until(
                () -> isSaved(later), () -> String.valueOf(cache.statistics().disk()));
        cache.remove(KEY);
        assertThat(recalled(KEY)).isNull();
        assertThat(Objects.requireNonNull(cache.statistics().disk()).addresses())
                .isEqualTo(1);
    }

    private boolean isSaved(CacheKey key) {
        keep(key, 10);
        cache.purge(new Purge(List.of("/none"), List.of(), false, true))
                .onDisk()
                .join();
        return cache.mayRecall(key);
    }

    /** Wall time that can be made to stand in the way of who reads it on the disk's thread. */
    private static final class HangingClock extends Clock {
        private final Clock time;
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private final CountDownLatch hanging = new CountDownLatch(1);

        HangingClock(Clock time) {
            this.time = time;
        }

        void hang() {
            gate = new CountDownLatch(1);
        }

        void goOn() {
            gate.countDown();
        }

        void awaitHanging() throws InterruptedException {
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public Instant instant() {
            CountDownLatch closed = gate;
            if (closed.getCount() > 0 && Thread.currentThread().getName().equals("detour-cache-disk")) {
                hanging.countDown();
                try {
                    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return time.instant();
        }

        @Override
        public ZoneId getZone() {
            return time.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
