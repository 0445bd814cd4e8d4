package dev.detour.proxy.cache;

import dev.detour.config.CacheConfig;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one thread that works on an {@link AnswerDatabase}, in the order in which it is asked to, and keeps it open.
 *
 * <p>A file that is damaged is thrown away. So is one of which something was to be forgotten that could not be, and one that has
 * fallen behind so far that nobody can keep account of it. One that cannot be opened is tried again every ten seconds.
 *
 * <p>Thread-safe.
 */
final class DiskThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiskThread.class);
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MOST_WAITING = 100_000;
    private static final long CLOSE_SECONDS = 5;

    private final CacheConfig.Disk config;
    private final Contents contents;
    private final LongSupplier nanoClock;
    private final ExecutorService thread;
    private final AtomicInteger waiting = new AtomicInteger();
    /** Goes up when so much waits that nobody can keep account of it. */
    private final AtomicInteger generation = new AtomicInteger();

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
    interface Task {
        void run(AnswerDatabase database) throws SQLException, IOException;
    }

    /** Who knows what is in the file. */
    interface Contents {
        /** Nothing any more. */
        void clear();

        /** What this one has. On the thread. */
        void read(AnswerDatabase database) throws SQLException;
    }

    /** A thread that has not opened the file yet: the first task has it do so. */
    DiskThread(CacheConfig.Disk config, Contents contents, LongSupplier nanoClock) {
        this.config = config;
        this.contents = contents;
        this.nanoClock = nanoClock;
        this.tryAgain = nanoClock.getAsLong();
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread created = new Thread(work, "detour-cache-disk");
            created.setDaemon(true);
            return created;
        });
    }

    /** Whether the file is open, and what was begun last does not take unusually long. */
    boolean isWell() {
        return isOpen && !(busy && nanoClock.getAsLong() - busySince > STUCK_NANOS);
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Tries to open the file if that is due: in an outage there is nothing to be saved, which would do so. */
    void reopenIfDue() {
        if (!isOpen && nanoClock.getAsLong() - tryAgain >= 0 && waiting.get() == 0) {
            submit(open -> {}, () -> {});
        }
    }

    /** Bytes in use. */
    long bytes() {
        return bytes;
    }

    long failures() {
        return failures.get();
    }

    /** What failed last if nothing has worked since, or null. */
    @Nullable String problem() {
        return problem;
    }

    /** Has something forgotten: if that cannot be done, as on a full disk, everything is, lest it be found again. */
    void submitForgetting(Task task, Runnable after) {
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

    /** Has {@code task} run if the file is open; {@code after} follows in any case. */
    void submit(Task task, Runnable after) {
        submit(task, after, false);
    }

    private void submit(Task task, Runnable after, boolean forgets) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            generation.incrementAndGet();
            contents.clear();
            after.run();
            return;
        }
        int asked = generation.get();
        try {
            thread.execute(() -> {
                waiting.decrementAndGet();
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
            waiting.decrementAndGet();
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
            contents.clear();
            AnswerDatabase open = openFile();
            try {
                contents.read(open);
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

    /** Throws everything away. On the thread. */
    void startAnew() throws SQLException, IOException {
        contents.clear();
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
