package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.KnownCertificate;
import dev.detour.health.source.SourceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One plane beside the other: whether servers show what lies on the disk, and whether the endpoints of a backend show the same.
 *
 * @param source name of the source on the disk
 * @param target the server, as {@code host:port}
 * @param shown what it shows
 * @param stored what lies on the disk with its key and ends last; null if there is none
 */
public record Served(
        String source,
        String target,
        CertificateFacts shown,
        @Nullable CertificateFacts stored,
        boolean matches) {
    private static final String LEAF = "#1";

    /**
     * Compares.
     *
     * @param served names of the sources on the wire by those of the sources on the disk that they should show
     */
    public static List<Served> of(List<SourceReport> sources, Map<String, String> served) {
        Map<String, SourceReport> byName = new HashMap<>();
        sources.forEach(source -> byName.put(source.name(), source));
        List<Served> all = new ArrayList<>();
        served.forEach((stored, shown) -> {
            SourceReport disk = byName.get(stored);
            SourceReport wire = byName.get(shown);
            if (disk != null && wire != null) {
                compare(disk, wire, all);
            }
        });
        return all;
    }

    private static void compare(SourceReport disk, SourceReport wire, List<Served> into) {
        List<CertificateFacts> stored = disk.certificates().stream()
                .filter(KnownCertificate::keyIsHere)
                .map(KnownCertificate::facts)
                .toList();
        Set<String> fingerprints =
                stored.stream().map(CertificateFacts::fingerprint).collect(Collectors.toSet());
        for (KnownCertificate leaf : leaves(wire)) {
            CertificateFacts newest = stored.stream()
                    .filter(each -> each.names().equals(leaf.facts().names()))
                    .reduce((one, other) -> one.notAfter().isAfter(other.notAfter()) ? one : other)
                    .orElse(null);
            boolean matches = fingerprints.contains(leaf.facts().fingerprint());
            if (leaf.unseenSince() == null && !stored.isEmpty()) {
                into.add(new Served(disk.name(), leaf.place().source(), leaf.facts(), newest, matches));
            }
        }
    }

    private static List<KnownCertificate> leaves(SourceReport source) {
        return source.certificates().stream()
                .filter(each -> each.place().entry().equals(LEAF))
                .toList();
    }

    /** What is wrong if it does not match; null if it does. */
    public @Nullable Finding finding() {
        if (matches) {
            return null;
        }
        String disk = stored == null
                ? "none of the certificates on the disk is for the same names"
                : "on the disk is serial " + stored.serial() + ", which ends on " + stored.notAfter();
        return new Finding(
                Rule.NOT_SERVED,
                Severity.WARNING,
                source,
                target,
                target + " shows serial " + shown.serial() + ", which ends on " + shown.notAfter() + "; " + disk
                        + (stored != null && stored.notAfter().isAfter(shown.notAfter())
                                ? ": renewed, but not loaded"
                                : ""));
    }

    /**
     * Endpoints of a backend that show different certificates for the same names. That is no fault where each has its own, but
     * after a renewal it tells which one has not taken part.
     */
    public static List<Finding> drift(List<SourceReport> sources) {
        List<Finding> findings = new ArrayList<>();
        for (SourceReport backend : sources) {
            if (backend.kind() == SourceKind.BACKEND) {
                Map<List<String>, List<KnownCertificate>> byNames = leaves(backend).stream()
                        .collect(Collectors.groupingBy(each -> each.facts().names()));
                byNames.values().forEach(same -> drift(backend.name(), same, findings));
            }
        }
        return findings;
    }

    private static void drift(String backend, List<KnownCertificate> same, List<Finding> into) {
        KnownCertificate newest = same.get(0);
        for (KnownCertificate each : same) {
            newest = each.facts().notAfter().isAfter(newest.facts().notAfter()) ? each : newest;
        }
        for (KnownCertificate each : same) {
            if (!Objects.equals(each.facts().fingerprint(), newest.facts().fingerprint())) {
                into.add(new Finding(
                        Rule.DRIFT,
                        Severity.INFO,
                        backend,
                        each.place().source(),
                        each.place().source() + " shows serial " + each.facts().serial() + ", which ends on "
                                + each.facts().notAfter() + "; "
                                + newest.place().source() + " shows serial "
                                + newest.facts().serial() + ", which ends on "
                                + newest.facts().notAfter()));
            }
        }
    }
}
