package dev.detour.admin.certificate;

import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.inventory.SourceReport;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SourceReport} as JSON, without its certificates.
 *
 * @param up whether the last look saw everything
 * @param certificates how many are known
 * @param unseen how many of them could not be looked at last
 * @param looked when the last look ended
 * @param good when a look last met no trouble
 * @param errors troubles met since the start, by kind
 */
record SourceView(
        String name,
        String kind,
        boolean up,
        int certificates,
        int unseen,
        @Nullable Instant looked,
        @Nullable Instant good,
        List<TroubleView> troubles,
        Map<String, Long> errors) {

    /** What could not be seen. */
    record TroubleView(String kind, String place, String found, String expected, Instant since) {
        static TroubleView of(SourceReport.Trouble trouble) {
            SourceProblem problem = trouble.problem();
            return new TroubleView(
                    problem.kind().label(), problem.source(), problem.found(), problem.expected(), trouble.since());
        }
    }

    static SourceView of(SourceReport source) {
        Map<String, Long> errors = new TreeMap<>();
        source.errors().forEach((kind, count) -> errors.put(kind.label(), count));
        return new SourceView(
                source.name(),
                source.kind().label(),
                source.up(),
                source.certificates().size(),
                (int) source.certificates().stream()
                        .filter(each -> each.unseenSince() != null)
                        .count(),
                source.looked(),
                source.good(),
                source.troubles().stream().map(TroubleView::of).toList(),
                errors);
    }
}
