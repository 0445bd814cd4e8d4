package dev.detour.proxy.cache;

import dev.detour.config.CacheConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the answers kept in memory, which outlive the process.
 *
 * <p><b>Order.</b> One thread does everything in the order in which it was asked for. So what is read after something was
 * forgotten does not find it, and what was kept last is what is found.
 *
 * <p><b>A bad disk.</b> Nobody waits for it: what cannot be written soon is not written (and its older copy dropped), what
 * cannot be read soon is taken to be missing.
 *
 * <p>Thread-safe.
 */
final class DiskTier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);
    private static final long MOST_WAITING_BYTES = 64L << 20;
    private static final int MOST_WAITING_RECALLS = 1_000;
    private static final long START_SECONDS = 10;

    private final CacheConfig.Disk config;
    private final Predicate<CacheKey> inMemory;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final DiskThread thread;
    /** Sums of the addresses of which there are copies: what is not on the disk must cost a request nothing. */
    private final Set<Long> known = ConcurrentHashMap.newKeySet();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicInteger waitingRecalls = new AtomicInteger();
    private final AtomicLong recalled = new AtomicLong();
    private final AtomicLong saved = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();

    /**
     * Opens the copies.
     *
     * @param inMemory whether answers of an address are in memory
     */
    DiskTier(CacheConfig.Disk config, Predicate<CacheKey> inMemory, Clock clock, LongSupplier nanoClock) {
        this.config = config;
        this.inMemory = inMemory;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.thread = new DiskThread(config, new Known(), nanoClock);
    }

    /** What is in the file. */
    private final class Known implements DiskThread.Contents {
        @Override
        public void clear() {
            known.clear();
        }

        @Override
        public void read(AnswerDatabase database) throws SQLException {
            try {
                database.shrink(clock.millis() / 1_000);
            } catch (SQLException e) {
                // a full disk can still be read
                LOG.warn("cache.disk.path: {} is larger than its size: {}", config.path(), e.getMessage());
            }
            database.forEachAddress(key -> known.add(sum(key)));
        }
    }

    /** Waits until the copies are known, but not for ever: a broken disk must not keep an edge from starting. */
    void awaitOpen() {
        CountDownLatch open = new CountDownLatch(1);
        thread.submit(opened -> {}, open::countDown);
        try {
            if (!open.await(START_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("cache.disk.path: {} has not been read within {} s", config.path(), START_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is something at an address, and the disk answers. Cheap. */
    boolean mayHave(CacheKey key) {
        thread.reopenIfDue();
        return thread.isWell() && waitingRecalls.get() < MOST_WAITING_RECALLS && known.contains(sum(key));
    }

    // ---- asked for, in order

    /** Writes an answer, of which it takes over one count. */
    void save(CacheKey key, StoredAnswer answer) {
        long weight = answer.weight();
        if (waitingBytes.addAndGet(weight) > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-weight);
            answer.release();
            skipped.incrementAndGet();
            forget(key);
            return;
        }
        thread.submit(open -> save(open, key, answer), () -> {
            waitingBytes.addAndGet(-weight);
            answer.release();
        });
    }

    private void save(AnswerDatabase open, CacheKey key, StoredAnswer answer) throws SQLException {
        long now = clock.millis();
        byte[] head = SavedHead.of(answer, now, nanoClock.getAsLong()).toBytes();
        Set<String> surrogates = answer.policy().keys();
        byte[] body = new byte[answer.body().readableBytes()];
        answer.body().getBytes(answer.body().readerIndex(), body);
        boolean held;
        try {
            held = (answer.isRefreshed() && open.putHead(key, answer.variant(), head, body, surrogates, now / 1_000))
                    || open.put(key, answer.variant(), head, body, surrogates, now / 1_000, inMemory, this::givenUp);
        } catch (SQLException e) {
            // what is found later should not be older than what was in memory
            try {
                open.remove(key, answer.variant());
            } catch (SQLException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        if (held) {
            known.add(sum(key));
            saved.incrementAndGet();
        }
    }

    /** Forgets what is at an address. */
    void forget(CacheKey key) {
        if (known.contains(sum(key)) || waitingBytes.get() > 0 || !thread.isOpen()) {
            thread.submitForgetting(
                    open -> {
                        open.remove(key);
                        known.remove(sum(key));
                    },
                    () -> {});
        }
    }

    /** Forgets answers or marks them stale; completes with how many. */
    CompletableFuture<Integer> purge(Purge purge, PurgedAddresses addresses) {
        CompletableFuture<Integer> count = new CompletableFuture<>();
        thread.submitForgetting(open -> count.complete(purge(open, purge, addresses)), () -> count.complete(0));
        return count;
    }

    private int purge(AnswerDatabase open, Purge purge, PurgedAddresses addresses) throws SQLException, IOException {
        if (!purge.all()) {
            return open.purge(addresses.targets(), addresses::contains, purge.keys(), purge.hard());
        }
        if (!purge.hard()) {
            return open.outdateAll();
        }
        int count = (int) open.answers();
        thread.startAnew();
        return count;
    }

    /** Looks for an answer; {@code over} is called in any case, after it was found if it was. */
    void recall(CacheKey key, Recall recall, Runnable over) {
        waitingRecalls.incrementAndGet();
        thread.submit(open -> recall(open, key, recall), () -> {
            waitingRecalls.decrementAndGet();
            over.run();
        });
    }

    private void recall(AnswerDatabase open, CacheKey key, Recall recall) throws SQLException {
        if (recall.isInMemory()) {
            return;
        }
        for (AnswerDatabase.Row row : open.rows(key, damaged::incrementAndGet)) {
            if (recall.wants(row)) {
                byte[] body = open.body(key, row, clock.millis() / 1_000, damaged::incrementAndGet);
                if (body != null) {
                    recalled.incrementAndGet();
                    recall.found(row, body);
                }
                return;
            }
        }
    }

    private void givenUp(CacheKey key) {
        known.remove(sum(key));
    }

    /** FNV-1a: two addresses with one sum cost a look at the disk, or one of them its copy. */
    private static long sum(CacheKey key) {
        long sum = 0xcbf29ce484222325L;
        for (String text : new String[] {key.backend(), key.host(), key.target()}) {
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                sum = (sum ^ (each & 0xff)) * 0x100000001b3L;
            }
            sum = (sum ^ '\n') * 0x100000001b3L;
        }
        return sum;
    }

    DiskStatistics statistics() {
        return new DiskStatistics(
                known.size(),
                thread.bytes(),
                config.size(),
                recalled.get(),
                saved.get(),
                skipped.get(),
                damaged.get(),
                thread.failures(),
                thread.problem());
    }

    /** Writes what is waiting, if the disk takes it soon, and closes the file. */
    @Override
    public void close() {
        thread.close();
    }
}
