package dev.detour.admin;

import java.util.List;
import java.util.function.Supplier;

/** What an orchestrator asks: is the process alive, and should it get traffic. */
public final class ProbeRoutes {
    private ProbeRoutes() {}

    /** {@code GET /live}: 200 for as long as the process can answer at all. */
    public static AdminRoute live() {
        return AdminRoute.get("/live", request -> AdminResponse.json(200, new Status("live")))
                .withoutToken();
    }

    /** {@code GET /ready}: 200 or 503, with the reasons. */
    public static AdminRoute ready(Supplier<Readiness> readiness) {
        return AdminRoute.get("/ready", request -> {
                    Readiness now = readiness.get();
                    String status = now.ready() ? "ready" : "not-ready";
                    return AdminResponse.json(now.ready() ? 200 : 503, new StatusAndReasons(status, now.reasons()));
                })
                .withoutToken();
    }

    private record Status(String status) {}

    private record StatusAndReasons(String status, List<String> reasons) {}
}
