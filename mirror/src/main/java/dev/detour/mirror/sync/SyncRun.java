package dev.detour.mirror.sync;

import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass from the index's list to a sealed generation. Works off tasks, also those of earlier runs; those that come to
 * nothing wait for a later one and hold up nobody.
 */
final class SyncRun {
    private static final Logger LOG = LoggerFactory.getLogger(SyncRun.class);
    private static final int BATCH = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** So many projects may be parked, or this share, and the copy still counts as complete. */
    private static final int PARKED = 10;

    private static final double PARKED_SHARE = 0.01;

    private final MirrorStore store;
    private final ListFetch list;
    private final PageFetch pages;
    private final SyncSettings settings;
    private final BooleanSupplier backendUnfit;
    private final BooleanSupplier stopped;
    private final SyncObserver observer;
    private final Clock clock;
    private final Pace.Waiter waiter;
    private final ExecutorService workers;

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private @Nullable Instant soonest;
    private @Nullable StoreException storeFailure;

    SyncRun(
            MirrorStore store,
            ListFetch list,
            PageFetch pages,
            SyncSettings settings,
            BooleanSupplier backendUnfit,
            BooleanSupplier stopped,
            SyncObserver observer,
            Clock clock,
            Pace.Waiter waiter,
            ExecutorService workers) {
        this.store = store;
        this.list = list;
        this.pages = pages;
        this.settings = settings;
        this.backendUnfit = backendUnfit;
        this.stopped = stopped;
        this.observer = observer;
        this.clock = clock;
        this.waiter = waiter;
        this.workers = workers;
    }

    SyncReport run() throws StoreException, InterruptedException {
        Instant started = clock.instant();
        if (backendUnfit.getAsBoolean()) {
            return report(started, ListFetch.Result.failed("the backend's breaker is open; nothing was asked"), false);
        }
        ListFetch.Result listed = list.fetch(started);
        observer.onStart(tasks());
        if (listed.listed() > 0) {
            work(started);
        }
        return report(started, listed, listed.listed() > 0 && listed.problem() == null && !stopped.getAsBoolean());
    }

    private long tasks() throws StoreException {
        long[] count = new long[1];
        store.live().forEachTask(task -> count[0]++);
        return count[0];
    }

    private void work(Instant started) throws StoreException, InterruptedException {
        Instant sealed = started;
        while (!stopped.getAsBoolean()) {
            soonest = null;
            sealed = pass(sealed);
            Instant next = soonest;
            Instant now = clock.instant();
            if (next == null || !Retry.isSoon(now, next)) {
                return;
            }
            waiter.await(Math.max(0, Duration.between(now, next).toNanos()));
        }
    }

    /** Every task whose time has come, once. */
    private Instant pass(Instant sealedBefore) throws StoreException, InterruptedException {
        Semaphore places = new Semaphore(2 * settings.connections());
        Instant sealed = sealedBefore;
        List<Task> tasks = store.live().tasksAfter("", BATCH);
        while (!tasks.isEmpty() && !stopped.getAsBoolean()) {
            for (Task task : tasks) {
                if (task.notBefore() == null || !task.notBefore().isAfter(clock.instant())) {
                    awaitBackend();
                    places.acquire();
                    workers.execute(() -> work(task, places));
                } else {
                    noteRetry(task.notBefore());
                }
            }
            if (Duration.between(sealed, clock.instant()).compareTo(settings.every()) > 0) {
                // a long run is served as it goes, at the age it had
                store.seal();
                sealed = clock.instant();
            }
            tasks = store.live().tasksAfter(tasks.get(tasks.size() - 1).project(), BATCH);
        }
        places.acquire(2 * settings.connections());
        synchronized (this) {
            if (storeFailure != null) {
                throw storeFailure;
            }
        }
        return sealed;
    }

    private void awaitBackend() throws InterruptedException {
        boolean said = false;
        while (backendUnfit.getAsBoolean() && !stopped.getAsBoolean()) {
            if (!said) {
                LOG.info("sync pauses: the backend's breaker is open");
                said = true;
            }
            waiter.await(LOOK.toNanos());
        }
    }

    private void work(Task task, Semaphore places) {
        try {
            if (!stopped.getAsBoolean()) {
                PageFetch.Result result = pages.fetch(task);
                count(task.project(), result);
            }
        } catch (StoreException e) {
            synchronized (this) {
                storeFailure = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // one project must not end the run
            LOG.error("sync of {}", task.project(), e);
            count(task.project(), new PageFetch.Result(Outcome.FAILED, e.toString(), null));
        } finally {
            places.release();
        }
    }

    private synchronized void count(String project, PageFetch.Result result) {
        outcomes.merge(result.outcome(), 1L, Long::sum);
        if (result.retryAt() != null) {
            noteRetry(result.retryAt());
        }
        observer.onProject(project, result.outcome(), result.detail());
    }

    private synchronized void noteRetry(Instant at) {
        if (soonest == null || at.isBefore(soonest)) {
            soonest = at;
        }
    }

    private SyncReport report(Instant started, ListFetch.Result listed, boolean complete) throws StoreException {
        List<SyncReport.Parked> parked = new ArrayList<>();
        long[] counts = new long[2];
        store.live().forEachTask(task -> {
            counts[0]++;
            if (task.entry() != null) {
                counts[1]++;
            }
            if (parked.size() < SyncReport.MOST) {
                parked.add(
                        new SyncReport.Parked(task.project(), task.error() == null ? "not fetched yet" : task.error()));
            }
        });
        boolean confirmed = complete && counts[1] <= Math.max(PARKED, (long) (PARKED_SHARE * listed.listed()));
        long generation = confirmed ? store.seal(started) : sealWhatThereIs();
        SyncReport report = new SyncReport(
                started,
                Duration.between(started, clock.instant()),
                listed.listed(),
                outcomes(),
                List.copyOf(parked),
                counts[0],
                listed.problem(),
                generation,
                confirmed);
        observer.onFinish(report);
        return report;
    }

    private synchronized Map<Outcome, Long> outcomes() {
        return new EnumMap<>(outcomes);
    }

    /** Nothing at all is not worth a generation. */
    private long sealWhatThereIs() throws StoreException {
        return store.live().listHead() == null ? 0 : store.seal();
    }
}
