package dev.detour.admin.certificate;

import dev.detour.admin.AdminRequest;
import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.health.certificate.Grade;
import dev.detour.health.certificate.Verdict;
import dev.detour.health.finding.Finding;
import dev.detour.health.inventory.Served;
import dev.detour.health.inventory.SourceReport;
import dev.detour.health.source.KnownCertificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/certificates}: every certificate, the most urgent first, every source, and what is wrong. The query
 * parameters {@code source} and {@code verdict} narrow the certificates down, each by one value.
 */
public final class CertificateRoutes {
    private final WatchedCertificates watched;
    private final Clock clock;

    private CertificateRoutes(WatchedCertificates watched, Clock clock) {
        this.watched = watched;
        this.clock = clock;
    }

    /** The route. */
    public static List<AdminRoute> of(WatchedCertificates watched, Clock clock) {
        CertificateRoutes routes = new CertificateRoutes(watched, clock);
        return List.of(AdminRoute.get("/api/v1/certificates", routes::show));
    }

    /**
     * Everything.
     *
     * @param status {@code ok}, {@code warning} or {@code critical}
     * @param at the instance's clock, by which certificates were judged
     */
    private record CertificatesView(
            String status,
            Instant at,
            List<FindingView> findings,
            List<SourceView> sources,
            List<ServedView> served,
            List<CertificateView> certificates) {}

    /** Whether a server shows what lies on the disk. */
    private record ServedView(
            String source,
            String server,
            boolean matches,
            String shownSerial,
            Instant shownNotAfter,
            @Nullable String storedSerial,
            @Nullable Instant storedNotAfter) {
        static ServedView of(Served served) {
            return new ServedView(
                    served.source(),
                    served.target(),
                    served.matches(),
                    served.shown().serial(),
                    served.shown().notAfter(),
                    served.stored() == null ? null : served.stored().serial(),
                    served.stored() == null ? null : served.stored().notAfter());
        }
    }

    private AdminResponse show(AdminRequest request) throws ProblemException {
        Instant at = clock.instant();
        List<SourceReport> sources = watched.sources();
        String source = one(request, "source");
        if (source != null && sources.stream().noneMatch(each -> each.name().equals(source))) {
            throw ProblemException.badValue(
                    "source",
                    source,
                    "one of " + sources.stream().map(SourceReport::name).toList());
        }
        Grade grade = grade(one(request, "verdict"));
        List<Finding> findings = watched.findings(at);
        return AdminResponse.json(
                200,
                new CertificatesView(
                        FindingView.status(findings),
                        at,
                        FindingView.of(findings),
                        sources.stream().map(SourceView::of).toList(),
                        watched.served().stream().map(ServedView::of).toList(),
                        certificates(sources, source, grade, at)));
    }

    /** A certificate and how it stands. */
    private record Judged(KnownCertificate known, Verdict verdict) {
        private static final Comparator<Judged> MOST_URGENT_FIRST = Comparator.comparing(
                        (Judged each) -> each.verdict().grade())
                .reversed()
                .thenComparing(each -> each.verdict().left().toSeconds());
    }

    private List<CertificateView> certificates(
            List<SourceReport> sources, @Nullable String source, @Nullable Grade grade, Instant at) {
        return sources.stream()
                .filter(each -> source == null || each.name().equals(source))
                .flatMap(each -> each.certificates().stream())
                .map((KnownCertificate each) ->
                        new Judged(each, watched.judgement().verdict(each, at)))
                .filter(each -> grade == null || each.verdict().grade() == grade)
                .sorted(Judged.MOST_URGENT_FIRST)
                .map(each -> CertificateView.of(each.known(), each.verdict()))
                .toList();
    }

    private static @Nullable String one(AdminRequest request, String name) throws ProblemException {
        List<String> values = request.query(name);
        if (values.size() > 1) {
            throw ProblemException.badValue(name, values.toString(), "one value");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private static @Nullable Grade grade(@Nullable String verdict) throws ProblemException {
        if (verdict == null) {
            return null;
        }
        for (Grade grade : Grade.values()) {
            if (grade.label().equals(verdict)) {
                return grade;
            }
        }
        throw ProblemException.badValue(
                "verdict",
                verdict,
                "one of " + Arrays.stream(Grade.values()).map(Grade::label).toList());
    }
}
