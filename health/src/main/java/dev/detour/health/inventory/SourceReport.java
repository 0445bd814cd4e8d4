package dev.detour.health.inventory;

import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.finding.Finding;
import dev.detour.health.source.KnownCertificate;
import dev.detour.health.source.SourceKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one source.
 *
 * @param certificates those seen at the last look, and those that could not be looked at then
 * @param troubles what could not be seen at the last look
 * @param findings what the source itself has found wrong
 * @param looked when the last look ended; null before the first one
 * @param good when a look last met no trouble; null if none did
 * @param errors troubles met since the start, by kind
 */
public record SourceReport(
        String name,
        SourceKind kind,
        List<KnownCertificate> certificates,
        List<Trouble> troubles,
        List<Finding> findings,
        @Nullable Instant looked,
        @Nullable Instant good,
        Map<SourceProblem.Kind, Long> errors) {
    public SourceReport {
        certificates = List.copyOf(certificates);
        troubles = List.copyOf(troubles);
        findings = List.copyOf(findings);
        errors = Map.copyOf(errors);
    }

    /**
     * What could not be seen.
     *
     * @param since when it was first met without a look in between that did not meet it
     */
    public record Trouble(SourceProblem problem, Instant since) {}

    /** A source that has not been looked at. */
    static SourceReport unseen(String name, SourceKind kind) {
        return new SourceReport(name, kind, List.of(), List.of(), List.of(), null, null, Map.of());
    }

    /** Whether the last look saw everything. */
    public boolean up() {
        return looked != null
                && troubles.stream().allMatch(each -> each.problem().kind() == SourceProblem.Kind.KEY_MISMATCH);
    }
}
