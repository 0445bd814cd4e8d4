package dev.detour.health.inventory;

import dev.detour.health.certificate.FoundCertificate;
import dev.detour.health.certificate.Place;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.inventory.SourceReport.Trouble;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.KnownCertificate;
import dev.detour.health.source.Look;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All certificates that sources have shown. What a look could not see is kept as it was last seen, and said to be so: a file
 * that cannot be read is no reason to forget when its certificate ends.
 *
 * <p>Safe for use by several threads.
 */
public final class Inventory {
    private final Map<String, SourceReport> reports = new LinkedHashMap<>();
    private volatile List<SourceReport> latest = List.of();

    /** An inventory of these sources, none of which has been looked at. */
    public Inventory(Collection<CertificateSource> sources) {
        for (CertificateSource source : sources) {
            if (reports.put(source.name(), SourceReport.unseen(source.name(), source.kind())) != null) {
                throw new IllegalArgumentException("two sources are called " + source.name());
            }
        }
        latest = List.copyOf(reports.values());
    }

    /** What is known of each source, in the order they were given. */
    public List<SourceReport> sources() {
        return latest;
    }

    /** All certificates known. */
    public List<KnownCertificate> certificates() {
        return latest.stream().flatMap(source -> source.certificates().stream()).toList();
    }

    /** Takes in what a look that ended {@code at} has found. */
    public synchronized void accept(CertificateSource source, Look look, Instant at) {
        SourceReport before = reports.get(source.name());
        if (before == null) {
            throw new IllegalArgumentException(
                    "source: " + source.name() + " (expected: one of " + reports.keySet() + ")");
        }
        List<Finding> findings = new ArrayList<>(look.findings());
        Map<Place, KnownCertificate> known = byPlace(before.certificates());
        Map<Place, KnownCertificate> now = seen(source, look, known, findings, at);
        for (KnownCertificate each : known.values()) {
            if (!now.containsKey(each.place()) && hidden(each.place(), source.name(), look)) {
                now.put(each.place(), unseen(each, at));
            }
        }
        reports.put(
                source.name(),
                new SourceReport(
                        source.name(),
                        source.kind(),
                        List.copyOf(now.values()),
                        troubles(before.troubles(), look.problems(), at),
                        findings,
                        at,
                        look.problems().isEmpty() ? at : before.good(),
                        counted(before.errors(), look.problems())));
        latest = List.copyOf(reports.values());
    }

    private static Map<Place, KnownCertificate> byPlace(List<KnownCertificate> certificates) {
        Map<Place, KnownCertificate> byPlace = new LinkedHashMap<>();
        certificates.forEach(each -> byPlace.put(each.place(), each));
        return byPlace;
    }

    private static Map<Place, KnownCertificate> seen(
            CertificateSource source,
            Look look,
            Map<Place, KnownCertificate> known,
            List<Finding> findings,
            Instant at) {
        Map<Place, KnownCertificate> now = new LinkedHashMap<>();
        for (FoundCertificate found : look.certificates()) {
            KnownCertificate each = known(source, found, known.get(found.place()), at);
            if (now.putIfAbsent(found.place(), each) != null) {
                findings.add(new Finding(
                        Rule.COLLISION,
                        Severity.WARNING,
                        source.name(),
                        found.place().toString(),
                        "two certificates are called " + found.place() + ", only one of them is shown"));
            }
        }
        return now;
    }

    private static KnownCertificate known(
            CertificateSource source, FoundCertificate found, @Nullable KnownCertificate old, Instant at) {
        KnownCertificate same =
                old != null && old.facts().fingerprint().equals(found.facts().fingerprint()) ? old : null;
        return new KnownCertificate(
                source.name(),
                source.kind(),
                found.place(),
                // the older one goes on being used: equal facts of thousands of certificates are garbage at once
                same != null ? same.facts() : found.facts(),
                found.keyIsHere(),
                same != null ? same.since() : at,
                null);
    }

    /** Whether the look could not tell if there is still a certificate at that place. */
    private static boolean hidden(Place place, String source, Look look) {
        List<String> blind = look.problems().stream()
                .filter(problem -> problem.kind() != SourceProblem.Kind.KEY_MISMATCH)
                .map(SourceProblem::source)
                .toList();
        if (look.certificates().isEmpty() && !blind.isEmpty()) {
            return true;
        }
        return blind.stream()
                .anyMatch(at -> at.equals(source)
                        || at.equals(place.source())
                        || place.source().startsWith(at + "/"));
    }

    private static KnownCertificate unseen(KnownCertificate known, Instant at) {
        return known.unseenSince() != null
                ? known
                : new KnownCertificate(
                        known.source(),
                        known.kind(),
                        known.place(),
                        known.facts(),
                        known.keyIsHere(),
                        known.since(),
                        at);
    }

    private static List<Trouble> troubles(List<Trouble> before, List<SourceProblem> problems, Instant at) {
        return problems.stream()
                .map(problem -> new Trouble(problem, since(before, problem, at)))
                .toList();
    }

    private static Instant since(List<Trouble> before, SourceProblem problem, Instant at) {
        for (Trouble each : before) {
            SourceProblem old = each.problem();
            if (old.kind() == problem.kind() && old.source().equals(problem.source())) {
                return each.since();
            }
        }
        return at;
    }

    private static Map<SourceProblem.Kind, Long> counted(
            Map<SourceProblem.Kind, Long> before, List<SourceProblem> problems) {
        Map<SourceProblem.Kind, Long> errors = new EnumMap<>(SourceProblem.Kind.class);
        errors.putAll(before);
        problems.forEach(problem -> {
            @Nullable Long ignored = errors.merge(problem.kind(), 1L, Long::sum);
        });
        return errors;
    }
}
