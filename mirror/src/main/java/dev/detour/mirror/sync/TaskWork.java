package dev.detour.mirror.sync;

import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off tasks on the worker threads, each project by one at a time, and counts what comes of them. What is to be tried
 * again within the run is not counted yet.
 */
final class TaskWork {
    private static final Logger LOG = LoggerFactory.getLogger(TaskWork.class);

    /** So many failures in a row are the index's, not the projects'. */
    private static final int MOST_FAILURES = 50;

    private final MirrorStore store;
    private final PageFetch pages;
    private final SyncObserver observer;
    private final Clock clock;
    private final BooleanSupplier stopped;
    private final ExecutorService workers;
    private final int limit;
    private final Semaphore places;
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();

    /** The rest is guarded by this. */
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

    private @Nullable Instant soonest;
    private @Nullable StoreException storeFailure;
    private int failuresInARow;
    private String lastFailure = "";

    TaskWork(
            MirrorStore store,
            PageFetch pages,
            int connections,
            SyncObserver observer,
            Clock clock,
            BooleanSupplier stopped,
            ExecutorService workers) {
        this.store = store;
        this.pages = pages;
        this.observer = observer;
        this.clock = clock;
        this.stopped = stopped;
        this.workers = workers;
        this.limit = 2 * connections;
        this.places = new Semaphore(limit);
    }

    /** Has a project's task worked off, if it has one whose time has come. Waits while all workers have enough to do. */
    void begin(String project) throws InterruptedException {
        if (!acquire(1)) {
            return;
        }
        try {
            workers.execute(() -> work(project));
        } catch (RejectedExecutionException e) {
            // closed in between
            places.release();
        }
    }

    private boolean acquire(int count) throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            if (places.tryAcquire(count, 1, TimeUnit.SECONDS)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until what was begun is over.
     *
     * @throws StoreException if the store failed meanwhile
     */
    void finish() throws StoreException, InterruptedException {
        if (acquire(limit)) {
            places.release(limit);
        }
        synchronized (this) {
            if (storeFailure != null) {
                throw storeFailure;
            }
        }
    }

    private void work(String project) {
        boolean mine = false;
        try {
            mine = atWork.add(project);
            Task task = mine && !stopped.getAsBoolean() ? store.live().task(project) : null;
            Instant now = clock.instant();
            if (task != null && (task.notBefore() == null || !task.notBefore().isAfter(now))) {
                count(task, fetch(task));
            }
        } catch (StoreException e) {
            synchronized (this) {
                storeFailure = e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (mine) {
                atWork.remove(project);
            }
            places.release();
        }
    }

    private PageFetch.Result fetch(Task task) throws StoreException, InterruptedException {
        try {
            return pages.fetch(task);
        } catch (RuntimeException e) {
            // one project must not end the run
            LOG.error("sync of {}", task.project(), e);
            return pages.later(task, Outcome.FAILED, e.toString());
        }
    }

    private void count(Task task, PageFetch.Result result) {
        synchronized (this) {
            if (result.outcome() != Outcome.FAILED) {
                failuresInARow = 0;
            } else if (task.attempts() == 0) {
                // what failed before says nothing new about the index
                failuresInARow++;
                lastFailure = result.detail();
            }
            if (isSoon(result.retryAt())) {
                noteRetry(result.retryAt());
                return;
            }
            outcomes.merge(result.outcome(), 1L, Long::sum);
        }
        observer.onProject(task.project(), result.outcome(), result.detail());
    }

    private boolean isSoon(@Nullable Instant at) {
        return at != null && Retry.isSoon(clock.instant(), at);
    }

    synchronized void noteRetry(@Nullable Instant at) {
        if (at != null && (soonest == null || at.isBefore(soonest))) {
            soonest = at;
        }
    }

    /** When the first of what was put off is due, or null; forgets it. */
    synchronized @Nullable Instant takeSoonest() {
        Instant at = soonest;
        soonest = null;
        return at;
    }

    /** Why it is no use to go on, or null. */
    synchronized @Nullable String giveUp() {
        return storeFailure != null
                ? storeFailure.getMessage()
                : failuresInARow < MOST_FAILURES
                        ? null
                        : failuresInARow + " answers in a row were failures, the last: " + lastFailure;
    }

    synchronized Map<Outcome, Long> outcomes() {
        return new EnumMap<>(outcomes);
    }
}
