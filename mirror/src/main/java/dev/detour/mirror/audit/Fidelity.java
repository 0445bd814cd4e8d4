package dev.detour.mirror.audit;

import dev.detour.mirror.page.Difference;
import dev.detour.mirror.page.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How faithful a mirror is, by the projects that were compared last.
 *
 * @param compared number of projects this is about
 * @param ratio share of them whose page is the index's, or null if none was compared
 * @param byVerdict comparisons since the start
 * @param repairs pages that were fetched again because they were different, since the start
 * @param coverage by feature, the share of what the index has that the mirror has too; a feature that no compared page of
 *     the index has is left out
 * @param worstLag how long the oldest known change of the index has been waiting to be copied
 * @param unfaithful what is different, the latest first; at most a few
 */
public record Fidelity(
        int compared,
        @Nullable Double ratio,
        Map<Verdict, Long> byVerdict,
        long repairs,
        Map<Feature, Double> coverage,
        Duration worstLag,
        List<Finding> unfaithful) {

    /**
     * A project whose page is not the index's.
     *
     * @param differences empty where one of the two has no page
     */
    public record Finding(String project, Verdict verdict, List<Difference> differences, Instant at) {
        @Override
        public String toString() {
            return project + (differences.isEmpty() ? ": " + verdict.label() : ": " + differences.get(0));
        }
    }
}
