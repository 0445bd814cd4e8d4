package dev.detour.admin.mirror;

import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.audit.Verdict;
import dev.detour.mirror.page.Feature;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.sync.Outcome;
import dev.detour.mirror.sync.SyncReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A mirror as JSON.
 *
 * @param store null for a mirror that is no store
 */
record StoreView(
        String mirror,
        boolean fit,
        @Nullable Long ageSeconds,
        String detail,
        @Nullable Details store) {

    /** What there is to know of a store. */
    record Details(
            List<Generation> generations,
            boolean syncing,
            @Nullable Sync lastSync,
            @Nullable Audit audit) {}

    record Generation(
            long number,
            @Nullable Instant sealedAt,
            @Nullable Instant confirmedAt,
            long pages,
            long listed,
            boolean current,
            boolean pinned,
            @Nullable String problem) {
        static Generation of(Generations.Summary summary) {
            return new Generation(
                    summary.number(),
                    summary.sealedAt(),
                    summary.confirmedAt(),
                    summary.pages(),
                    summary.listed(),
                    summary.current(),
                    summary.pinned(),
                    summary.problem());
        }
    }

    /** A run. */
    record Sync(
            Instant startedAt,
            long tookMillis,
            long listed,
            Map<String, Long> outcomes,
            long parkedCount,
            List<SyncReport.Parked> parked,
            long rereads,
            @Nullable String problem,
            long generation,
            boolean confirmed,
            String text) {
        static Sync of(SyncReport report) {
            Map<String, Long> outcomes = new TreeMap<>();
            for (Map.Entry<Outcome, Long> outcome : report.outcomes().entrySet()) {
                outcomes.put(outcome.getKey().label(), outcome.getValue());
            }
            return new Sync(
                    report.startedAt(),
                    report.took().toMillis(),
                    report.listed(),
                    outcomes,
                    report.parkedCount(),
                    report.parked(),
                    report.rereads(),
                    report.problem(),
                    report.generation(),
                    report.confirmed(),
                    report.text());
        }
    }

    /** How faithful it is. */
    record Audit(
            int compared,
            @Nullable Double fidelity,
            Map<String, Long> verdicts,
            long repairs,
            Map<String, Double> coverage,
            long worstLagSeconds,
            List<String> unfaithful) {
        static Audit of(Fidelity fidelity) {
            Map<String, Long> verdicts = new TreeMap<>();
            for (Map.Entry<Verdict, Long> verdict : fidelity.byVerdict().entrySet()) {
                verdicts.put(verdict.getKey().label(), verdict.getValue());
            }
            Map<String, Double> coverage = new TreeMap<>();
            for (Map.Entry<Feature, Double> feature : fidelity.coverage().entrySet()) {
                coverage.put(feature.getKey().label(), feature.getValue());
            }
            return new Audit(
                    fidelity.compared(),
                    fidelity.ratio(),
                    verdicts,
                    fidelity.repairs(),
                    coverage,
                    fidelity.worstLag().toSeconds(),
                    fidelity.unfaithful().stream()
                            .map(Fidelity.Finding::toString)
                            .toList());
        }
    }

    static StoreView of(String name, MirrorStatus status, @Nullable StoreControls store) throws StoreException {
        return new StoreView(
                name,
                status.fit(),
                status.age() == null ? null : status.age().toSeconds(),
                status.detail(),
                store == null ? null : details(store));
    }

    private static Details details(StoreControls store) throws StoreException {
        SyncReport last = store.lastSync();
        Fidelity fidelity = store.fidelity();
        return new Details(
                store.generations().stream().map(Generation::of).toList(),
                store.isSyncing(),
                last == null ? null : Sync.of(last),
                fidelity == null ? null : Audit.of(fidelity));
    }
}
