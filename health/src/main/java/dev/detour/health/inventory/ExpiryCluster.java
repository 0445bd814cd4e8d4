package dev.detour.health.inventory;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.Grade;
import dev.detour.health.finding.Finding;
import dev.detour.health.finding.Rule;
import dev.detour.health.finding.Severity;
import dev.detour.health.source.KnownCertificate;
import dev.detour.health.source.SourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backend all of whose endpoints stop working within one hour, because of certificates made together: then there is nothing
 * to fail over to, which is how one expired certificate becomes an outage.
 *
 * @param first the earliest end among the chains of its endpoints
 * @param last the latest of the ends of each endpoint's weakest certificate
 * @param grade how the certificate stands that ends first
 */
public record ExpiryCluster(
        String backend, Instant first, Instant last, int endpoints, boolean sameCertificate, Grade grade) {
    private static final Duration TOGETHER = Duration.ofHours(1);

    /** The clusters at {@code at}; a backend with a single endpoint has nothing to fail over to anyway. */
    public static List<ExpiryCluster> of(List<SourceReport> sources, Judgement judgement, Instant at) {
        List<ExpiryCluster> clusters = new ArrayList<>();
        for (SourceReport source : sources) {
            if (source.kind() == SourceKind.BACKEND) {
                ExpiryCluster cluster = of(source, judgement, at);
                if (cluster != null) {
                    clusters.add(cluster);
                }
            }
        }
        return clusters;
    }

    private static @Nullable ExpiryCluster of(SourceReport backend, Judgement judgement, Instant at) {
        Map<String, KnownCertificate> weakest = new LinkedHashMap<>();
        for (KnownCertificate each : backend.certificates()) {
            weakest.merge(
                    each.place().source(),
                    each,
                    (one, other) -> one.facts().notAfter().isAfter(other.facts().notAfter()) ? other : one);
        }
        List<KnownCertificate> ends = weakest.values().stream()
                .sorted(Comparator.comparing(
                        (KnownCertificate each) -> each.facts().notAfter()))
                .toList();
        if (ends.size() < 2) {
            return null;
        }
        CertificateFacts first = ends.get(0).facts();
        CertificateFacts last = ends.get(ends.size() - 1).facts();
        if (Duration.between(first.notAfter(), last.notAfter()).compareTo(TOGETHER) > 0) {
            return null;
        }
        boolean same = ends.stream().allMatch(each -> each.facts().fingerprint().equals(first.fingerprint()));
        return new ExpiryCluster(
                backend.name(),
                first.notAfter(),
                last.notAfter(),
                ends.size(),
                same,
                judgement.verdict(ends.get(0), at).grade());
    }

    /** What is wrong with it: nothing, as long as nobody expects the certificates to have been renewed. */
    public Finding finding() {
        Severity severity = grade.fails() ? Severity.CRITICAL : grade.warns() ? Severity.WARNING : Severity.INFO;
        return new Finding(
                Rule.EXPIRY_CLUSTER,
                severity,
                backend,
                "",
                "all " + endpoints + " endpoints of " + backend + " end "
                        + (sameCertificate ? "with the same certificate on " + first : "within an hour, from " + first)
                        + ": there is nothing to fail over to");
    }
}
