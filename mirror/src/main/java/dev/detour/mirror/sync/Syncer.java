package dev.detour.mirror.sync;

import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one mirror in step with its index: a run now and then, and whenever somebody asks for one. Thread-safe. */
public final class Syncer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final Duration STOP = Duration.ofSeconds(10);

    /** Between two generations made for the sake of what clients wait for. */
    private static final Duration WANTED = Duration.ofSeconds(30);

    private final String mirror;
    private final MirrorStore store;
    private final SyncSettings settings;
    private final IndexClient index;
    private final Attachments attachments;
    private final PageRule rule;
    private final BooleanSupplier backendUnfit;
    private final SyncObserver observer;
    private final Clock clock;
    private final Pace.Waiter waiter;
    private final ExecutorService workers;
    private final Thread thread;

    private volatile boolean closed;
    private volatile @Nullable SyncReport last;
    private volatile boolean running;
    /** Guarded by this: completed by the run that begins after it was made. */
    private @Nullable CompletableFuture<SyncReport> asked;

    private final Wanted wanted = new Wanted();

    /**
     * What surrounds a syncer.
     *
     * @param version of this program, for the User-Agent
     * @param backendUnfit whether the index is not to be asked now
     */
    public record Surroundings(
            String version, PageRule rule, BooleanSupplier backendUnfit, SyncObserver observer, Clock clock) {}

    /** A syncer that does not run by itself until {@link #start}. */
    public Syncer(
            String mirror, MirrorStore store, IndexAddress address, SyncSettings settings, Surroundings surroundings) {
        this(mirror, store, address, settings, surroundings, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    Syncer(
            String mirror,
            MirrorStore store,
            IndexAddress address,
            SyncSettings settings,
            Surroundings surroundings,
            LongSupplier nanos,
            Pace.Waiter waiter) {
        this.mirror = mirror;
        this.store = store;
        this.settings = settings;
        this.index = new IndexClient(
                address, new Pace(settings.connections(), settings.rate(), nanos, waiter), surroundings.version());
        this.attachments = new Attachments(store, index, settings);
        this.rule = surroundings.rule();
        this.backendUnfit = surroundings.backendUnfit();
        this.observer = surroundings.observer();
        this.clock = surroundings.clock();
        this.waiter = waiter;
        this.workers = Executors.newFixedThreadPool(settings.connections(), named("detour-sync-" + mirror + "-"));
        this.thread = new Thread(this::loop, "detour-sync-" + mirror);
        this.thread.setDaemon(true);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Begins to run: at once, and then every so often. */
    public void start() {
        thread.start();
    }

    /** The copy was changed by somebody else: the index's list is fetched whole the next time, even if it did not change. */
    public static Change forgetList(Change change) {
        return change.note(ListFetch.TAG, "");
    }

    /** Asks the index; shared with the audit, so that both keep to one pace. */
    public IndexClient index() {
        return index;
    }

    /** The report of the last run, or null. */
    public @Nullable SyncReport last() {
        return last;
    }

    /** Whether a run is going on. */
    public boolean isRunning() {
        return running;
    }

    /** Has a run begin as soon as the one in progress, if any, is over. */
    public synchronized CompletableFuture<SyncReport> runNow() {
        if (asked == null) {
            asked = new CompletableFuture<>();
        }
        LockSupport.unpark(thread);
        return asked;
    }

    /**
     * Has a project's page fetched soon, by the next run at the latest.
     *
     * @param reason {@link Task.Reason#WANTED} or {@link Task.Reason#DIFFERENT}
     */
    public void fetchSoon(String project, Task.Reason reason) {
        try {
            if (store.live().task(project) == null) {
                ListEntry entry = store.live().listed(project);
                try (Change change = store.change()) {
                    change.task(new Task(project, reason, entry, 0, null, clock.instant(), null))
                            .commit();
                }
            }
            wanted.add(project);
            LockSupport.unpark(thread);
        } catch (StoreException e) {
            LOG.warn("mirror {}: {} cannot be noted: {}", mirror, project, e.getMessage());
        }
    }

    private void loop() {
        Instant next = clock.instant();
        Instant nextWanted = next;
        while (!closed) {
            CompletableFuture<SyncReport> waiting = takeAsked();
            Instant now = clock.instant();
            if (waiting != null || !now.isBefore(next)) {
                next = now.plus(settings.every());
                runOnce(waiting);
            } else if (!wanted.isEmpty() && !now.isBefore(nextWanted)) {
                nextWanted = now.plus(WANTED);
                fetchWanted();
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            }
        }
    }

    private synchronized @Nullable CompletableFuture<SyncReport> takeAsked() {
        CompletableFuture<SyncReport> waiting = asked;
        asked = null;
        return waiting;
    }

    private void fetchWanted() {
        try {
            if (newRun().runWanted()) {
                store.seal();
            }
        } catch (InterruptedException e) {
            closed = true;
        } catch (StoreException | RuntimeException e) {
            LOG.error("mirror {}: what clients ask for cannot be fetched: {}", mirror, e.toString());
        }
    }

    private void runOnce(@Nullable CompletableFuture<SyncReport> waiting) {
        try {
            SyncReport report = run();
            if (waiting != null) {
                waiting.complete(report);
            }
        } catch (InterruptedException e) {
            closed = true;
            cancel(waiting, "stopped");
        } catch (StoreException | RuntimeException e) {
            // a full disk may have room again next time
            LOG.error("mirror {}: sync failed: {}", mirror, e.toString());
            cancel(waiting, e.toString());
        }
    }

    private static void cancel(@Nullable CompletableFuture<SyncReport> waiting, String why) {
        if (waiting != null) {
            waiting.completeExceptionally(new IllegalStateException(why));
        }
    }

    /** One run, on the caller's thread. Not while this is started. */
    public SyncReport run() throws StoreException, InterruptedException {
        running = true;
        try {
            SyncReport report = newRun().run();
            last = report;
            return report;
        } finally {
            running = false;
        }
    }

    private SyncRun newRun() {
        PageFetch pages = new PageFetch(store, index, rule, attachments, clock);
        return new SyncRun(
                store,
                new ListFetch(store, index, settings),
                new TaskWork(store, pages, settings.connections(), observer, clock, () -> closed, workers),
                wanted,
                settings,
                new SyncRun.Means(backendUnfit, () -> closed, observer, clock, waiter));
    }

    @Override
    public void close() {
        closed = true;
        index.close();
        workers.shutdownNow();
        thread.interrupt();
        try {
            thread.join(STOP.toMillis());
            boolean ended = workers.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                LOG.warn("mirror {}: a fetch does not end", mirror);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
