package dev.detour.mirror.audit;

import dev.detour.mirror.page.Difference;
import dev.detour.mirror.page.FeatureCoverage;
import dev.detour.mirror.page.PageComparison;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.SimplePage;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lays pages of the mirror beside those of the index, keeps account of what it finds, and has what is different fetched again.
 * A page is faithful if the copy is; what is not promised because it is not held shows in the coverage. Thread-safe; blocks on the store.
 */
public final class Auditor {
    private static final Logger LOG = LoggerFactory.getLogger(Auditor.class);

    /** Fewer comparisons than this prove nothing. */
    private static final int ENOUGH = 20;

    private static final int FEW = 20;

    private static final Duration LAG_EVERY = Duration.ofMinutes(1);

    private final String mirror;
    private final MirrorStore store;
    private final Consumer<String> refetch;
    private final double minFidelity;
    private final Clock clock;
    private final AtomicReference<Instant> measuredAt = new AtomicReference<>(Instant.MIN);
    private final Ledger ledger = new Ledger();
    private volatile Duration worstLag = Duration.ZERO;
    private volatile @Nullable String doubt;

    /**
     * An auditor that has not seen anything yet.
     *
     * @param refetch has a project's page fetched soon
     * @param minFidelity share of compared pages below which the mirror is not to be trusted
     */
    public Auditor(String mirror, MirrorStore store, Consumer<String> refetch, double minFidelity, Clock clock) {
        this.mirror = mirror;
        this.store = store;
        this.refetch = refetch;
        this.minFidelity = minFidelity;
        this.clock = clock;
    }

    /** What is known now. */
    public Fidelity fidelity() {
        return ledger.fidelity(worstLag);
    }

    /** Why the mirror is not to be trusted: which field of which project; null if it is. Waits for nobody. */
    public @Nullable String doubt() {
        return doubt;
    }

    private @Nullable String judge() {
        Fidelity.Finding latest = ledger.latestUnfaithful(minFidelity, ENOUGH);
        if (latest == null) {
            return null;
        }
        Fidelity fidelity = fidelity();
        double ratio = fidelity.ratio() == null ? 0 : fidelity.ratio();
        return String.format(
                java.util.Locale.ROOT,
                "%.1f %% of %d compared pages are the index's (limit: %.1f %%); %s",
                100 * ratio,
                fidelity.compared(),
                100 * minFidelity,
                latest);
    }

    /** Projects that were different when they were compared last. */
    List<String> unfaithful() {
        return ledger.unfaithful();
    }

    /**
     * The index has answered somebody with this page.
     *
     * @param json canonical
     */
    public Verdict compare(String project, byte[] json, OptionalLong serial) throws StoreException {
        Verdict verdict = look(project, json, serial);
        if (verdict == Verdict.DIFFERENT || verdict == Verdict.LAGGING) {
            repair(project, json, verdict);
        }
        return verdict;
    }

    /**
     * The index has answered somebody with this page, which is about to be kept: there is nothing to repair.
     *
     * @param json canonical
     */
    public void observe(String project, byte[] json, OptionalLong serial) throws StoreException {
        var unused = look(project, json, serial);
    }

    private Verdict look(String project, byte[] json, OptionalLong serial) throws StoreException {
        try (Generation.Lease lease = store.generations().current()) {
            StoreView served = lease == null ? store.live() : lease.generation().view();
            byte[] ours = served.page(project);
            byte[] shown = SimplePage.served(served, project);
            if (ours == null || shown == null) {
                return missing(project);
            }
            ProjectState state = served.state(project);
            OptionalLong our = state == null ? OptionalLong.empty() : state.serial();
            PageComparison comparison = PageComparison.of(ours, json);
            Verdict verdict = verdict(comparison, our, serial);
            enter(
                    project,
                    verdict,
                    comparison.differences(),
                    (Arrays.equals(ours, shown) ? comparison : PageComparison.of(shown, json)).coverage());
            audited(project);
            return verdict;
        } catch (PageFormatException e) {
            // the index gave something that is no page: that says nothing about the mirror
            LOG.warn("audit of mirror {}: {} cannot be compared: {}", mirror, project, e.getMessage());
            return Verdict.AHEAD;
        }
    }

    private static Verdict verdict(PageComparison comparison, OptionalLong ours, OptionalLong theirs) {
        if (comparison.verdict() == PageComparison.Verdict.IDENTICAL) {
            return Verdict.IDENTICAL;
        }
        if (ours.isPresent() && theirs.isPresent() && ours.getAsLong() != theirs.getAsLong()) {
            return ours.getAsLong() < theirs.getAsLong() ? Verdict.LAGGING : Verdict.AHEAD;
        }
        return comparison.verdict() == PageComparison.Verdict.EQUIVALENT ? Verdict.EQUIVALENT : Verdict.DIFFERENT;
    }

    private Verdict missing(String project) throws StoreException {
        Task task = store.live().task(project);
        boolean known = task != null || store.live().state(project) != null;
        Verdict verdict = known ? Verdict.LAGGING : Verdict.MISSING;
        enter(project, verdict, List.of(), null);
        if (!known) {
            LOG.warn("audit of mirror {}: the index has {}, which the mirror knows nothing of", mirror, project);
            refetch.accept(project);
        }
        return verdict;
    }

    /** The index says that it has no such project, though the mirror has a page of it. */
    public void gone(String project) throws StoreException {
        ListEntry listed = store.live().listed(project);
        enter(project, Verdict.GONE, List.of(), null);
        LOG.warn(
                "audit of mirror {}: the index has no page of {}, which the mirror {}",
                mirror,
                project,
                listed == null ? "has a page of" : "lists");
        refetch.accept(project);
    }

    /** Enough to see what is wrong; a page may have ten thousand files. */
    private static List<Difference> few(List<Difference> differences) {
        return List.copyOf(differences.subList(0, Math.min(FEW, differences.size())));
    }

    private void enter(
            String project, Verdict verdict, List<Difference> differences, @Nullable FeatureCoverage coverage) {
        ledger.enter(new Fidelity.Finding(project, verdict, few(differences), clock.instant()), coverage);
        doubt = judge();
    }

    private void audited(String project) throws StoreException {
        ProjectState state = store.live().state(project);
        if (state == null) {
            return;
        }
        try (Change change = store.change()) {
            change.state(project, state.audited(clock.instant())).commit();
        }
    }

    /** Nothing to do if the page has been fetched by now and only waits to be sealed. */
    private void repair(String project, byte[] json, Verdict verdict) throws StoreException {
        byte[] live = store.live().page(project);
        if (live != null && PageComparison.of(live, json).differences().isEmpty()) {
            return;
        }
        if (verdict == Verdict.DIFFERENT) {
            ledger.repaired();
            LOG.warn(
                    "audit of mirror {}: {} differs from the index's page and is fetched again: {}",
                    mirror,
                    project,
                    few(PageComparison.of(live == null ? json : live, json).differences()));
        }
        refetch.accept(project);
    }

    /** Looks how long the oldest change of the index has been waiting. */
    void measureLag() throws StoreException {
        Instant now = clock.instant();
        Instant before = measuredAt.get();
        // while a copy is filled for the first time there are a million tasks
        if (now.minus(LAG_EVERY).isBefore(before) || !measuredAt.compareAndSet(before, now)) {
            return;
        }
        Instant[] oldest = {now};
        store.live().forEachTask(task -> {
            if (task.since().isBefore(oldest[0])) {
                oldest[0] = task.since();
            }
        });
        worstLag = Duration.between(oldest[0], now);
    }
}
