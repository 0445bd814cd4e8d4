package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.answer.Page;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
    @TempDir
    Path root;

    private final AtomicInteger built = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private @Nullable TreePaths paths;

    @BeforeEach
    void makeFile() throws IOException {
        Files.writeString(root.resolve("source"), "x");
        paths = new TreePaths(root);
    }

    private Page page(int size, Sources sources) throws IOException {
        sources.find("source");
        built.incrementAndGet();
        return Page.of(new byte[size], "text/plain", false, OptionalLong.empty(), FileTime.fromMillis(0));
    }

    private void get(PageCache<String> cache, String key, int size) throws IOException {
        cache.get(key, Objects.requireNonNull(paths), sources -> page(size, sources));
    }

    @Test
    void pageIsMadeOnceWhileItsSourcesStay() throws Exception {
        PageCache<String> cache = PageCache.ofBytes(10_000, nanos::get, () -> Withdrawn.NOTHING);
        for (int i = 0; i < 20; i++) {
            get(cache, "a", 100);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }

        assertThat(built).hasValue(1);
    }

    @Test
    void pageIsMadeAgainAfterAMinuteForWhatIsNotAmongItsSources() throws Exception {
        PageCache<String> cache = PageCache.ofBytes(10_000, nanos::get, () -> Withdrawn.NOTHING);
        get(cache, "a", 100);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        get(cache, "a", 100);

        assertThat(built).hasValue(2);
    }

    @Test
    void pagesBeyondTheLimitAreNotKept() throws Exception {
        PageCache<String> cache = PageCache.ofBytes(10_000, nanos::get, () -> Withdrawn.NOTHING);
        get(cache, "large", 20_000);
        get(cache, "large", 20_000);

        assertThat(built).hasValue(2);
    }

    @Test
    void threadsThatMissTheSamePageWaitForOneOfThem() throws Exception {
        PageCache<String> cache = PageCache.ofBytes(10_000, nanos::get, () -> Withdrawn.NOTHING);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch start = new CountDownLatch(8);
        Callable<@Nullable Page> ask = () -> {
            start.countDown();
            start.await();
            return cache.get("a", Objects.requireNonNull(paths), sources -> page(100, sources));
        };

        try {
            List<Future<@Nullable Page>> answers =
                    threads.invokeAll(Stream.generate(() -> ask).limit(8).toList());
            for (Future<@Nullable Page> answer : answers) {
                assertThat(answer.get()).isNotNull();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(built).hasValue(1);
    }
}
