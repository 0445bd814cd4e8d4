package dev.detour.mirror.audit;

import dev.detour.mirror.page.Feature;
import dev.detour.mirror.page.FeatureCoverage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last finding of each of the projects that were compared last. Thread-safe. */
final class Ledger {
    private static final int PROJECTS = 1_000;
    private static final int SHOWN = 20;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private long repairs;

    private record Entry(Fidelity.Finding finding, @Nullable FeatureCoverage coverage) {}

    synchronized void enter(Fidelity.Finding finding, @Nullable FeatureCoverage coverage) {
        // to the end, so that the first is the one compared longest ago
        entries.remove(finding.project());
        entries.put(finding.project(), new Entry(finding, coverage));
        if (entries.size() > PROJECTS) {
            entries.remove(entries.keySet().iterator().next());
        }
        verdicts.merge(finding.verdict(), 1L, Long::sum);
    }

    synchronized void repaired() {
        repairs++;
    }

    /** Projects that were not faithful when last compared. */
    synchronized List<String> unfaithful() {
        return findings().stream().map(Fidelity.Finding::project).toList();
    }

    private List<Fidelity.Finding> findings() {
        List<Fidelity.Finding> findings = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (!entry.finding().verdict().isFaithful()) {
                findings.add(0, entry.finding());
            }
        }
        return findings;
    }

    synchronized Fidelity fidelity(Duration worstLag) {
        List<Fidelity.Finding> unfaithful = findings();
        int compared = entries.size();
        return new Fidelity(
                compared,
                compared == 0 ? null : 1.0 - (double) unfaithful.size() / compared,
                new EnumMap<>(verdicts),
                repairs,
                coverage(),
                worstLag,
                unfaithful.subList(0, Math.min(SHOWN, unfaithful.size())));
    }

    private Map<Feature, Double> coverage() {
        Map<Feature, Double> coverage = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            long has = 0;
            long should = 0;
            for (Entry entry : entries.values()) {
                FeatureCoverage counted = entry.coverage();
                // one that lags says nothing about what is lost
                if (counted != null && entry.finding().verdict() != Verdict.LAGGING) {
                    FeatureCoverage.Share share = counted.of(feature);
                    should += share.index();
                    has += share.mirrored();
                }
            }
            if (should > 0) {
                coverage.put(feature, (double) has / should);
            }
        }
        return coverage;
    }

    /** Of all that were compared, without building a report; null if enough of them are faithful. */
    synchronized Fidelity.@Nullable Finding latestUnfaithful(double least, int enough) {
        int compared = entries.size();
        Fidelity.Finding latest = null;
        int unfaithful = 0;
        for (Entry entry : entries.values()) {
            if (!entry.finding().verdict().isFaithful()) {
                latest = entry.finding();
                unfaithful++;
            }
        }
        return compared >= enough && 1.0 - (double) unfaithful / compared < least ? latest : null;
    }
}
