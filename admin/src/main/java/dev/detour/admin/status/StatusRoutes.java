package dev.detour.admin.status;

import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.cache.CacheView;
import dev.detour.admin.mode.ModesView;
import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.fleet.OperatorState;
import dev.detour.health.endpoint.BackendStatus;
import dev.detour.health.finding.Finding;
import dev.detour.mirror.MirrorStatus;
import dev.detour.proxy.cache.CacheStatistics;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code GET /api/v1/status}, {@code GET /api/v1/backends} and
 * {@code POST /api/v1/backends/{b}/endpoints/{e}/drain}.
 */
public final class StatusRoutes {
    private final Supplier<List<BackendStatus>> backends;
    private final Supplier<Map<String, MirrorStatus>> mirrors;
    private final Supplier<CacheStatistics> cache;
    private final Supplier<List<Finding>> findings;
    private final OperatorState state;
    private final String version;
    private final Clock clock;

    private StatusRoutes(
            Supplier<List<BackendStatus>> backends,
            Supplier<Map<String, MirrorStatus>> mirrors,
            Supplier<CacheStatistics> cache,
            Supplier<List<Finding>> findings,
            OperatorState state,
            String version,
            Clock clock) {
        this.backends = backends;
        this.mirrors = mirrors;
        this.cache = cache;
        this.findings = findings;
        this.state = state;
        this.version = version;
        this.clock = clock;
    }

    /**
     * The three routes. Every supplier is asked for each request, on a thread of the admin server, and may block briefly.
     *
     * @param backends in the order in which they are shown
     * @param mirrors by configured name
     * @param cache the response cache
     * @param findings what is wrong with certificates and revocation lists
     * @param version that of the program, for people
     */
    public static List<AdminRoute> of(
            Supplier<List<BackendStatus>> backends,
            Supplier<Map<String, MirrorStatus>> mirrors,
            Supplier<CacheStatistics> cache,
            Supplier<List<Finding>> findings,
            OperatorState state,
            String version,
            Clock clock) {
        StatusRoutes routes = new StatusRoutes(backends, mirrors, cache, findings, state, version, clock);
        DrainRoute drain = new DrainRoute(backends, state);
        return List.of(
                AdminRoute.get("/api/v1/status", request -> AdminResponse.json(200, routes.status())),
                AdminRoute.get("/api/v1/backends", request -> routes.backends()),
                AdminRoute.post("/api/v1/backends/{b}/endpoints/{e}/drain", drain::handle));
    }

    private StatusView status() {
        Drains drains = state.drains();
        List<BackendView> backendViews = views(drains);
        List<MirrorView> mirrorViews = MirrorView.of(mirrors.get());
        ModesView modes = ModesView.of(state.modes());
        Assessment assessment = Assessment.of(backendViews, mirrorViews, modes, drains, findings.get());
        return new StatusView(
                assessment.status(),
                assessment.reasons(),
                clock.instant(),
                version,
                modes.mode(),
                modes.modes(),
                drains.version(),
                backendViews,
                mirrorViews,
                CacheView.of(cache.get()));
    }

    private AdminResponse backends() {
        Drains drains = state.drains();
        return AdminResponse.json(200, new BackendsView(drains.version(), drains.drains(), views(drains)))
                .withHeader("ETag", DrainRoute.entityTag(drains.version()));
    }

    private List<BackendView> views(Drains drains) {
        return backends.get().stream()
                .map(status -> BackendView.of(status, drains))
                .toList();
    }

    /**
     * Everything in one object.
     *
     * @param at the instance's clock, which all other instants are to be compared with
     */
    private record StatusView(
            String status,
            List<String> reasons,
            Instant at,
            String version,
            String mode,
            List<ModesView.RuleView> modes,
            long drainsVersion,
            List<BackendView> backends,
            List<MirrorView> mirrors,
            CacheView cache) {}

    /**
     * Every backend.
     *
     * @param drainsVersion also the entity tag
     * @param drains every wish, those for endpoints that are not there now included
     */
    private record BackendsView(long drainsVersion, List<Drain> drains, List<BackendView> backends) {}
}
