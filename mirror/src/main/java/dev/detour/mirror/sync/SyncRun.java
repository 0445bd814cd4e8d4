package dev.detour.mirror.sync;

import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass from the index's list to a sealed generation. Works off tasks, also those of earlier runs; those that come to
 * nothing wait for a later one and hold up nobody. What somebody waits for comes first, what is only read again comes last
 * and ends when the next run is due.
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
    private final TaskWork work;
    private final Wanted wanted;
    private final SyncSettings settings;
    private final BooleanSupplier backendUnfit;
    private final BooleanSupplier stopped;
    private final SyncObserver observer;
    private final Clock clock;
    private final Pace.Waiter waiter;
    private Instant sealed = Instant.EPOCH;

    /**
     * What a run has to do with.
     *
     * @param backendUnfit whether the index is not to be asked now
     * @param stopped whether to come to an end
     */
    record Means(
            BooleanSupplier backendUnfit,
            BooleanSupplier stopped,
            SyncObserver observer,
            Clock clock,
            Pace.Waiter waiter) {}

    SyncRun(MirrorStore store, ListFetch list, TaskWork work, Wanted wanted, SyncSettings settings, Means means) {
        this.store = store;
        this.list = list;
        this.work = work;
        this.wanted = wanted;
        this.settings = settings;
        this.backendUnfit = means.backendUnfit();
        this.stopped = means.stopped();
        this.observer = means.observer();
        this.clock = means.clock();
        this.waiter = means.waiter();
    }

    SyncReport run() throws StoreException, InterruptedException {
        Instant started = clock.instant();
        sealed = started;
        if (backendUnfit.getAsBoolean()) {
            return report(started, ListFetch.Result.failed("the backend's breaker is open; nothing was asked"), null);
        }
        ListFetch.Result listed = list.fetch(started);
        if (listed.listed() > 0) {
            new OldPages(store, settings.readAll()).find(started);
        }
        observer.onStart(tasks());
        if (listed.listed() > 0) {
            work(listed, started);
        }
        return report(started, listed, work.giveUp());
    }

    /** Fetches what somebody waits for, without a look at the list; true if there was anything. */
    boolean runWanted() throws StoreException, InterruptedException {
        if (wanted.isEmpty() || backendUnfit.getAsBoolean()) {
            return false;
        }
        takeWanted();
        work.finish();
        return true;
    }

    private long tasks() throws StoreException {
        long[] count = new long[1];
        store.live().forEachTask(task -> count[0]++);
        return count[0];
    }

    private void work(ListFetch.Result listed, Instant started) throws StoreException, InterruptedException {
        Instant rereadUntil = listed.serials() ? started.plus(settings.every()) : Instant.MAX;
        while (goesOn()) {
            pass(task -> task.reason() != Task.Reason.REREAD && !(listed.braked() && isMissing(task)), Instant.MAX);
            pass(task -> task.reason() == Task.Reason.REREAD, rereadUntil);
            work.finish();
            Instant next = work.takeSoonest();
            Instant now = clock.instant();
            if (next == null || !Retry.isSoon(now, next)) {
                return;
            }
            waiter.await(Math.max(0, Duration.between(now, next).toNanos()));
        }
    }

    private static boolean isMissing(Task task) {
        return task.reason() == Task.Reason.MISSING;
    }

    private boolean goesOn() {
        return !stopped.getAsBoolean() && work.giveUp() == null;
    }

    /** Which tasks are to be worked off. */
    private interface Which {
        boolean includes(Task task);
    }

    /** Every task of a kind whose time has come, once. */
    private void pass(Which which, Instant until) throws StoreException, InterruptedException {
        List<Task> tasks = store.live().tasksAfter("", BATCH);
        while (!tasks.isEmpty() && goesOn()) {
            for (Task task : tasks) {
                takeWanted();
                if (!goesOn() || !clock.instant().isBefore(until)) {
                    return;
                }
                if (which.includes(task)) {
                    begin(task);
                }
            }
            sealNowAndThen();
            tasks = store.live().tasksAfter(tasks.get(tasks.size() - 1).project(), BATCH);
        }
    }

    private void begin(Task task) throws InterruptedException {
        if (task.notBefore() != null && task.notBefore().isAfter(clock.instant())) {
            work.noteRetry(task.notBefore());
            return;
        }
        awaitBackend();
        work.begin(task.project());
    }

    private void takeWanted() throws InterruptedException {
        for (String project = wanted.poll(); project != null && goesOn(); project = wanted.poll()) {
            awaitBackend();
            work.begin(project);
        }
    }

    private void sealNowAndThen() throws StoreException {
        if (Duration.between(sealed, clock.instant()).compareTo(settings.every()) > 0) {
            // a long run is served as it goes, at the age it had
            store.seal();
            sealed = clock.instant();
        }
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

    /** What is left in the store when a run ends. */
    private static final class Left {
        final List<SyncReport.Parked> parked = new ArrayList<>();
        long parkedCount;
        long holes;
        long rereads;

        void add(Task task, boolean serials) {
            boolean isReread = task.reason() == Task.Reason.REREAD && serials;
            if (isReread && task.attempts() == 0) {
                rereads++;
                return;
            }
            parkedCount++;
            if (task.entry() != null && !isReread) {
                holes++;
            }
            if (parked.size() < SyncReport.MOST) {
                parked.add(
                        new SyncReport.Parked(task.project(), task.error() == null ? "not fetched yet" : task.error()));
            }
        }
    }

    private SyncReport report(Instant started, ListFetch.Result listed, @Nullable String givenUp)
            throws StoreException {
        Left left = new Left();
        store.live().forEachTask(task -> left.add(task, listed.serials()));
        String problem = listed.problem() == null ? givenUp : listed.problem();
        boolean confirmed = problem == null
                && !stopped.getAsBoolean()
                && left.holes <= Math.max(PARKED, (long) (PARKED_SHARE * listed.listed()));
        long generation = confirmed ? store.seal(started) : sealWhatThereIs();
        SyncReport report = new SyncReport(
                started,
                Duration.between(started, clock.instant()),
                listed.listed(),
                work.outcomes(),
                List.copyOf(left.parked),
                left.parkedCount,
                left.rereads,
                problem,
                generation,
                confirmed);
        observer.onFinish(report);
        return report;
    }

    /** Nothing at all is not worth a generation. */
    private long sealWhatThereIs() throws StoreException {
        return store.live().listHead() == null ? 0 : store.seal();
    }
}
