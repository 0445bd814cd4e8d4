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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Copies of the answers kept in memory, which outlive the process.
 *
 * <p><b>Order.</b> One thread does everything in the order in which it was asked for. So what is read after something was
 * forgotten does not find it, and what was kept last is what is found.
 *
 * <p><b>A bad disk.</b> Nobody waits for it: what cannot be written soon is not written (and its older copy dropped), what
 * cannot be read soon is taken to be missing, and if more waits than anybody can keep account of, all copies are dropped. A file that is damaged is thrown away; one that cannot be opened is tried again
 * every ten seconds.
 *
 * <p>Thread-safe.
 */
final class DiskTier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long MOST_WAITING_BYTES = 64L << 20;
    private static final int MOST_WAITING_RECALLS = 1_000;
    private static final int MOST_WAITING_TASKS = 100_000;
    private static final long START_SECONDS = 10;
    private static final long CLOSE_SECONDS = 5;

    private final CacheConfig.Disk config;
    private final Predicate<CacheKey> inMemory;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final ExecutorService thread;
    /** Sums of the addresses of which there are copies: what is not on the disk must cost a request nothing. */
    private final Set<Long> known = ConcurrentHashMap.newKeySet();

    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicInteger waitingRecalls = new AtomicInteger();
    private final AtomicInteger waitingTasks = new AtomicInteger();
    /** Goes up when so much waits that nobody can keep account of it: then all copies are dropped. */
    private final AtomicInteger generation = new AtomicInteger();

    private final AtomicLong recalled = new AtomicLong();
    private final AtomicLong saved = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable String problem;
    private volatile boolean busy;
    private volatile long busySince;
    private volatile long bytes;
    private volatile boolean isOpen;
    private volatile long tryAgain;

    // the thread's
    private @Nullable AnswerDatabase database;
    private long lastWarning;
    private int opened;
    /** Something was to be forgotten, and has not been: what is in the file must not be used. */
    private boolean owes;

    /** Work for the thread. */
    private interface Task {
        void run(AnswerDatabase database) throws SQLException, IOException;
    }

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
        this.tryAgain = nanoClock.getAsLong();
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(work, "detour-cache-disk");
            created.setDaemon(true);
            return created;
        });
    }

    /** Waits until the copies are known, but not for ever: a broken disk must not keep an edge from starting. */
    void awaitOpen() {
        CountDownLatch open = new CountDownLatch(1);
        submit(opened -> {}, open::countDown);
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
        if (!isOpen) {
            // in an outage there is nothing to be saved, which would try it
            if (nanoClock.getAsLong() - tryAgain >= 0 && waitingTasks.get() == 0) {
                submit(open -> {}, () -> {});
            }
            return false;
        }
        return known.contains(sum(key))
                && waitingRecalls.get() < MOST_WAITING_RECALLS
                && !(busy && nanoClock.getAsLong() - busySince > STUCK_NANOS);
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
        submit(open -> save(open, key, answer), () -> {
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
        if (known.contains(sum(key)) || waitingBytes.get() > 0 || !isOpen) {
            submitForgetting(
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
        submitForgetting(open -> count.complete(purge(open, purge, addresses)), () -> count.complete(0));
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
        startAnew();
        return count;
    }

    /** Looks for an answer; {@code over} is called in any case, after it was found if it was. */
    void recall(CacheKey key, Recall recall, Runnable over) {
        waitingRecalls.incrementAndGet();
        submit(open -> recall(open, key, recall), () -> {
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

    // ---- the thread

    /** Has something forgotten: if that cannot be done, as on a full disk, everything is, lest it be found again. */
    private void submitForgetting(Task task, Runnable after) {
        submit(
                open -> {
                    try {
                        task.run(open);
                    } catch (SQLException e) {
                        startAnew();
                        throw e;
                    }
                },
                after,
                true);
    }

    private void submit(Task task, Runnable after) {
        submit(task, after, false);
    }

    /** Has {@code task} run; {@code after} follows it whether it was or not. */
    private void submit(Task task, Runnable after, boolean forgets) {
        if (waitingTasks.incrementAndGet() > MOST_WAITING_TASKS) {
            waitingTasks.decrementAndGet();
            generation.incrementAndGet();
            known.clear();
            after.run();
            return;
        }
        int asked = generation.get();
        try {
            thread.execute(() -> {
                waitingTasks.decrementAndGet();
                busySince = nanoClock.getAsLong();
                busy = true;
                try {
                    run(task, asked, forgets);
                } finally {
                    busy = false;
                    after.run();
                }
            });
        } catch (RejectedExecutionException e) {
            waitingTasks.decrementAndGet();
            after.run();
        }
    }

    private void run(Task task, int asked, boolean forgets) {
        try {
            if (opened != generation.get()) {
                opened = generation.get();
                startAnew();
            }
            if (asked != opened) {
                return;
            }
            owes |= forgets && database == null;
            AnswerDatabase open = opened();
            if (open != null) {
                task.run(open);
                bytes = database == null ? 0 : open.bytes();
                problem = null;
            }
        } catch (SQLException | IOException | RuntimeException e) {
            onFailure(e);
        }
    }

    private @Nullable AnswerDatabase opened() throws SQLException, IOException {
        if (database == null && nanoClock.getAsLong() - tryAgain >= 0) {
            tryAgain = nanoClock.getAsLong() + RETRY_NANOS;
            known.clear();
            AnswerDatabase open = openFile();
            try {
                open.shrink(clock.millis() / 1_000);
                open.forEachAddress(key -> known.add(sum(key)));
            } catch (SQLException | RuntimeException e) {
                open.close();
                throw e;
            }
            database = open;
            isOpen = true;
            LOG.info("{}: {} cached answers", config.path(), open.answers());
        }
        return database;
    }

    private AnswerDatabase openFile() throws SQLException, IOException {
        AnswerDatabase open = AnswerFile.open(config.path(), config.size());
        if (!owes) {
            return open;
        }
        open.close();
        AnswerFile.discard(config.path());
        owes = false;
        return AnswerFile.open(config.path(), config.size());
    }

    private void onFailure(Exception failure) {
        failures.incrementAndGet();
        problem = config.path() + ": " + reason(failure);
        long now = nanoClock.getAsLong();
        if (failures.get() == 1 || now - lastWarning > WARNING_NANOS) {
            lastWarning = now;
            LOG.warn("cache.disk.path: {}; what is in memory is served all the same", problem);
        }
        if (failure instanceof SQLiteException sqlite && isDamage(kind(sqlite))) {
            LOG.warn("cache.disk.path: {} is damaged, and begun anew", config.path());
            try {
                startAnew();
            } catch (SQLException | IOException e) {
                problem = config.path() + ": " + reason(e);
            }
        }
    }

    private static String reason(Exception failure) {
        if (failure instanceof SQLiteException sqlite && kind(sqlite) == SQLiteErrorCode.SQLITE_BUSY.code) {
            return "in use by another process (expected: a directory for each process)";
        }
        // a FileSystemException's message is only the path
        return failure instanceof IOException ? failure.toString() : String.valueOf(failure.getMessage());
    }

    /** Extended codes have the kind in the lowest byte. */
    private static int kind(SQLiteException failure) {
        return failure.getResultCode().code & 0xff;
    }

    private static boolean isDamage(int kind) {
        return kind == SQLiteErrorCode.SQLITE_CORRUPT.code || kind == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    private void startAnew() throws SQLException, IOException {
        known.clear();
        owes = true;
        closeDatabase();
        AnswerFile.discard(config.path());
        owes = false;
        tryAgain = nanoClock.getAsLong();
    }

    private void closeDatabase() throws SQLException {
        AnswerDatabase open = database;
        database = null;
        isOpen = false;
        if (open != null) {
            open.close();
        }
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
                bytes,
                config.size(),
                recalled.get(),
                saved.get(),
                skipped.get(),
                damaged.get(),
                failures.get(),
                problem);
    }

    /** Writes what is waiting, if the disk takes it soon, and closes the file. */
    @Override
    public void close() {
        thread.execute(() -> {
            try {
                closeDatabase();
            } catch (SQLException e) {
                LOG.warn("cache.disk.path: {} was not closed well: {}", config.path(), e.getMessage());
            }
        });
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("cache.disk.path: {} does not take the last answers", config.path());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
