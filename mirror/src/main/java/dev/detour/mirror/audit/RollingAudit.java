package dev.detour.mirror.audit;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through all projects of a mirror in the order of names, one after the other, so that each has been compared once in a
 * cycle; those that were different come first. Where it stands outlives restarts. A small index is gone through faster: one
 * page a minute burdens nobody.
 */
public final class RollingAudit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RollingAudit.class);
    private static final String CURSOR = "audit-cursor";
    private static final Duration SLOWEST = Duration.ofMinutes(1);
    private static final Duration FASTEST = Duration.ofMillis(100);

    private final Auditor auditor;
    private final MirrorStore store;
    private final IndexPages index;
    private final BooleanSupplier backendUnfit;
    private final Duration cycle;
    private final ScheduledExecutorService scheduler;
    private List<String> again = List.of();
    private volatile boolean closed;
    private volatile @Nullable ScheduledFuture<?> next;

    /**
     * An audit that has not begun.
     *
     * @param cycle in which every project is compared once
     * @param backendUnfit whether the index is not to be asked now
     * @param scheduler runs one step at a time; steps block
     */
    public RollingAudit(
            Auditor auditor,
            MirrorStore store,
            IndexPages index,
            BooleanSupplier backendUnfit,
            Duration cycle,
            ScheduledExecutorService scheduler) {
        this.auditor = auditor;
        this.store = store;
        this.index = index;
        this.backendUnfit = backendUnfit;
        this.cycle = cycle;
        this.scheduler = scheduler;
    }

    /** Begins. */
    public void start() {
        schedule();
    }

    private void schedule() {
        if (!closed) {
            next = scheduler.schedule(this::run, pace().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The time between two comparisons. */
    Duration pace() {
        long pages = Math.max(1, pages());
        Duration even = cycle.dividedBy(pages);
        if (even.compareTo(SLOWEST) > 0) {
            return SLOWEST;
        }
        return even.compareTo(FASTEST) < 0 ? FASTEST : even;
    }

    private long pages() {
        try (var lease = store.generations().current()) {
            return lease == null ? 0 : lease.generation().manifest().pages();
        }
    }

    /** Compares the next so many projects, now. */
    public void compareNext(int projects) throws StoreException {
        for (int i = 0; i < projects; i++) {
            step();
        }
    }

    private void run() {
        try {
            step();
        } catch (StoreException | RuntimeException e) {
            // the next step may do better; an audit that ends unnoticed is none
            LOG.warn("audit: {}", e.toString());
        } finally {
            schedule();
        }
    }

    /** Compares one project. */
    synchronized void step() throws StoreException {
        auditor.measureLag();
        if (backendUnfit.getAsBoolean()) {
            return;
        }
        String project = nextProject();
        if (project == null) {
            return;
        }
        IndexPages.Answer answer = index.page(project);
        if (answer instanceof IndexPages.Answer.Page page) {
            auditor.compare(project, page.json(), page.serial());
        } else if (answer instanceof IndexPages.Answer.Gone) {
            auditor.gone(project);
        } else if (answer instanceof IndexPages.Answer.Failed failed) {
            LOG.debug("audit of {}: {}", project, failed.detail());
        }
    }

    private @Nullable String nextProject() throws StoreException {
        String different = nextDifferent();
        if (different != null) {
            return different;
        }
        String cursor = store.live().note(CURSOR);
        SortedMap<String, ?> following = store.live().statesAfter(cursor == null ? "" : cursor, 1);
        if (following.isEmpty()) {
            remember("");
            again = auditor.unfaithful();
            return nextDifferent();
        }
        remember(following.firstKey());
        // every other step is for one that was different
        again = auditor.unfaithful().stream().limit(1).toList();
        return following.firstKey();
    }

    private @Nullable String nextDifferent() {
        if (again.isEmpty()) {
            return null;
        }
        String project = again.get(0);
        again = again.subList(1, again.size());
        return project;
    }

    private void remember(String cursor) throws StoreException {
        try (Change change = store.change()) {
            change.note(CURSOR, cursor).commit();
        }
    }

    @Override
    public void close() {
        closed = true;
        ScheduledFuture<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }
}
