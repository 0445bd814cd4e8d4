package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.Grade;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.certificate.Verdict;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.inventory.SourceReport.Trouble;
import dev.detour.health.source.KnownCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the certificates of an inventory, by their dates and by what sources say.
 *
 * @param all thresholds where none are set for a source
 * @param bySource thresholds set for single sources, by name
 */
public record Judgement(Thresholds all, Map<String, Thresholds> bySource) {
    private static final int PLACES_NAMED = 3;

    public Judgement {
        bySource = Map.copyOf(bySource);
    }

    /** How a certificate stands at {@code at}. */
    public Verdict verdict(KnownCertificate certificate, Instant at) {
        return Verdict.of(certificate.facts(), bySource.getOrDefault(certificate.source(), all), at);
    }

    /** Everything that is wrong at {@code at}. */
    public List<Finding> findings(List<SourceReport> sources, Instant at) {
        List<Finding> findings = new ArrayList<>();
        for (SourceReport source : sources) {
            dates(source, at, findings);
            source.troubles().forEach(trouble -> findings.add(blind(source, trouble)));
            findings.addAll(source.findings());
        }
        return findings;
    }

    /** A certificate that is at fifty places is one to renew, and one alarm. */
    private void dates(SourceReport source, Instant at, List<Finding> into) {
        Map<String, List<KnownCertificate>> byFingerprint = new LinkedHashMap<>();
        for (KnownCertificate each : source.certificates()) {
            byFingerprint
                    .computeIfAbsent(each.facts().fingerprint(), any -> new ArrayList<>())
                    .add(each);
        }
        for (List<KnownCertificate> places : byFingerprint.values()) {
            KnownCertificate first = places.get(0);
            Verdict verdict = verdict(first, at);
            Rule rule = rule(verdict.grade());
            if (rule != null) {
                into.add(new Finding(
                        rule,
                        severity(first, verdict.grade()),
                        source.name(),
                        "serial " + first.facts().serial(),
                        CertificateFacts.printable(first.facts().subject()) + " (serial "
                                + first.facts().serial() + ") at " + named(places) + ": " + verdict.reason()));
            }
        }
    }

    private static @Nullable Rule rule(Grade grade) {
        return switch (grade) {
            case OK -> null;
            case DUE -> Rule.CERTIFICATE_DUE;
            case LATE -> Rule.CERTIFICATE_LATE;
            case CRITICAL -> Rule.CERTIFICATE_CRITICAL;
            case EXPIRED -> Rule.CERTIFICATE_EXPIRED;
            case NOT_YET_VALID -> Rule.CERTIFICATE_NOT_YET_VALID;
        };
    }

    /** An authority that nobody has the key of lies in a bundle of many: what it has signed may long be gone. */
    private static Severity severity(KnownCertificate certificate, Grade grade) {
        boolean bystander = certificate.facts().authority()
                && !certificate.keyIsHere()
                && switch (certificate.kind()) {
                    case FILES, OWN -> true;
                    case BACKEND, SERVER, VAULT -> false;
                };
        return grade.fails() && !bystander ? Severity.CRITICAL : Severity.WARNING;
    }

    private static String named(List<KnownCertificate> places) {
        String named = places.stream()
                .limit(PLACES_NAMED)
                .map(each -> each.place().toString())
                .collect(Collectors.joining(", "));
        int more = places.size() - PLACES_NAMED;
        return more > 0 ? named + " and " + more + " more" : named;
    }

    private static Finding blind(SourceReport source, Trouble trouble) {
        SourceProblem problem = trouble.problem();
        if (problem.kind() == SourceProblem.Kind.KEY_MISMATCH) {
            return new Finding(
                    Rule.KEY_MISMATCH, Severity.CRITICAL, source.name(), problem.source(), problem.toString());
        }
        long kept = source.certificates().stream()
                .filter(each -> each.unseenSince() != null)
                .count();
        return new Finding(
                Rule.SOURCE_BLIND,
                Severity.WARNING,
                source.name(),
                problem.source(),
                problem + " since " + trouble.since()
                        + (kept == 0 ? "" : "; what was seen before is kept, " + kept + " in this source"));
    }
}
