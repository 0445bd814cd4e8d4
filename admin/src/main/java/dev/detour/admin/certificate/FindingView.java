package dev.detour.admin.certificate;

import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Severity;
import java.util.Comparator;
import java.util.List;

/** A {@link Finding} as JSON. */
public record FindingView(String rule, String severity, String source, String place, String text) {
    static FindingView of(Finding finding) {
        return new FindingView(
                finding.rule().label(), finding.severity().label(), finding.source(), finding.place(), finding.text());
    }

    /** The worst first. */
    static List<FindingView> of(List<Finding> findings) {
        return findings.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed().thenComparing(Finding::key))
                .map(FindingView::of)
                .toList();
    }

    /** {@code ok}, {@code warning} or {@code critical}: what an exit code is made of. */
    static String status(List<Finding> findings) {
        Severity worst = findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Severity.INFO);
        return worst == Severity.INFO ? "ok" : worst.label();
    }
}
