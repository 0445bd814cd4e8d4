package dev.detour.admin.certificate;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.health.crl.CrlWatch;
import dev.detour.health.finding.Finding;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** {@code GET /api/v1/crls}: every watched revocation list, and what is wrong with them. */
public final class CrlRoutes {
    private final CrlWatch watch;
    private final Clock clock;

    private CrlRoutes(CrlWatch watch, Clock clock) {
        this.watch = watch;
        this.clock = clock;
    }

    /** The route. */
    public static List<AdminRoute> of(CrlWatch watch, Clock clock) {
        CrlRoutes routes = new CrlRoutes(watch, clock);
        return List.of(AdminRoute.get("/api/v1/crls", request -> routes.show()));
    }

    /**
     * Everything.
     *
     * @param status {@code ok}, {@code warning} or {@code critical}
     * @param at the instance's clock, by which lists were judged
     */
    private record CrlsView(String status, Instant at, List<FindingView> findings, List<CrlView> crls) {}

    private AdminResponse show() {
        Instant at = clock.instant();
        List<Finding> findings = watch.findings(at);
        return AdminResponse.json(
                200,
                new CrlsView(
                        FindingView.status(findings),
                        at,
                        FindingView.of(findings),
                        watch.known().stream().map(each -> CrlView.of(each, at)).toList()));
    }
}
