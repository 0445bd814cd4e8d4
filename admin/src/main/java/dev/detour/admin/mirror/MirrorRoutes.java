package dev.detour.admin.mirror;

import dev.detour.admin.AdminRequest;
import dev.detour.admin.AdminResponse;
import dev.detour.admin.AdminRoute;
import dev.detour.admin.ProblemException;
import dev.detour.admin.RequestFields;
import dev.detour.fleet.AuditLog;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.sync.SyncReport;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/v1/mirror} and {@code POST /api/v1/mirror/sync|rollback|audit}. The mirror is named by {@code mirror}, which
 * may be left out where there is one store.
 */
public final class MirrorRoutes {
    private static final Logger log = LoggerFactory.getLogger(MirrorRoutes.class);
    private static final String PATH = "/api/v1/mirror";
    private static final int MOST_AUDITED = 100;

    private final Map<String, Mirror> mirrors;
    private final Map<String, StoreControls> stores;
    private final AuditLog audit;
    private final Clock clock;

    private MirrorRoutes(Map<String, Mirror> mirrors, Map<String, StoreControls> stores, AuditLog audit, Clock clock) {
        this.mirrors = mirrors;
        this.stores = stores;
        this.audit = audit;
        this.clock = clock;
    }

    /** All routes. */
    public static List<AdminRoute> of(
            Map<String, Mirror> mirrors, Map<String, StoreControls> stores, AuditLog audit, Clock clock) {
        MirrorRoutes routes = new MirrorRoutes(mirrors, stores, audit, clock);
        return List.of(
                AdminRoute.get(PATH, request -> routes.show()),
                AdminRoute.post(PATH + "/sync", routes::sync),
                AdminRoute.post(PATH + "/rollback", routes::rollback),
                AdminRoute.post(PATH + "/audit", routes::audit));
    }

    private record MirrorsView(List<StoreView> mirrors) {}

    private record SyncAnswer(String mirror, StoreView.@Nullable Sync report) {}

    private record RollbackAnswer(String mirror, List<StoreView.Generation> generations) {}

    private record AuditAnswer(String mirror, StoreView.Audit audit) {}

    private AdminResponse show() throws ProblemException {
        List<StoreView> views = new ArrayList<>();
        for (Map.Entry<String, Mirror> mirror : new TreeMap<>(mirrors).entrySet()) {
            try {
                views.add(StoreView.of(mirror.getKey(), mirror.getValue().status(), stores.get(mirror.getKey())));
            } catch (StoreException e) {
                throw ProblemException.of(500, String.valueOf(e.getMessage()));
            }
        }
        return AdminResponse.json(200, new MirrorsView(views));
    }

    private String named(@Nullable String name) throws ProblemException {
        if (name == null && stores.size() == 1) {
            return stores.keySet().iterator().next();
        }
        String expected =
                stores.isEmpty() ? "a mirror with store, of which there is none" : "one of " + stores.keySet();
        if (name == null || !stores.containsKey(name)) {
            throw ProblemException.badValue("mirror", name == null ? "missing" : name, expected);
        }
        return name;
    }

    private StoreControls store(String name) {
        StoreControls store = stores.get(name);
        if (store == null) {
            throw new IllegalStateException(name);
        }
        return store;
    }

    private AdminResponse sync(AdminRequest request) throws ProblemException {
        RequestFields fields = RequestFields.of(request.jsonObject(), List.of("mirror"));
        String name = named(fields.text("mirror"));
        CompletableFuture<SyncReport> run = store(name).sync();
        if (run == null) {
            throw ProblemException.badValue("mirror", name, "a mirror with sync or follow");
        }
        log.info("mirror {}: a run was asked for", name);
        audit.mirror(clock.instant(), "mirror-sync", name, null);
        return AdminResponse.json(202, new SyncAnswer(name, null));
    }

    private AdminResponse rollback(AdminRequest request) throws ProblemException {
        RequestFields fields = RequestFields.of(request.jsonObject(), List.of("mirror", "generation", "unpin"));
        String name = named(fields.text("mirror"));
        String generation = fields.text("generation");
        boolean unpin = fields.flag("unpin", false);
        if (unpin == (generation != null)) {
            throw ProblemException.badValue(
                    "generation", String.valueOf(generation), "either generation, a number as text, or unpin");
        }
        StoreControls store = store(name);
        try {
            if (generation == null) {
                store.unpin();
                audit.mirror(clock.instant(), "mirror-unpin", name, null);
            } else if (generation.matches("[0-9]{1,18}")) {
                store.rollback(Long.parseLong(generation));
                audit.mirror(clock.instant(), "mirror-rollback", name, Long.parseLong(generation));
            } else {
                throw ProblemException.badValue("generation", generation, "the number of a generation");
            }
            log.info("mirror {}: {}", name, unpin ? "unpinned" : "rolled back to generation " + generation);
            return AdminResponse.json(
                    200,
                    new RollbackAnswer(
                            name,
                            store.generations().stream()
                                    .map(StoreView.Generation::of)
                                    .toList()));
        } catch (StoreException e) {
            throw ProblemException.of(409, String.valueOf(e.getMessage()));
        }
    }

    private AdminResponse audit(AdminRequest request) throws ProblemException {
        RequestFields fields = RequestFields.of(request.jsonObject(), List.of("mirror", "projects"));
        String name = named(fields.text("mirror"));
        String projects = fields.text("projects");
        if (projects != null && !projects.matches("[1-9][0-9]{0,2}")) {
            throw ProblemException.badValue("projects", projects, "a number from 1 to " + MOST_AUDITED + " as text");
        }
        int count = projects == null ? 1 : Math.min(MOST_AUDITED, Integer.parseInt(projects));
        try {
            Fidelity fidelity = store(name).audit(count);
            if (fidelity == null) {
                throw ProblemException.badValue("mirror", name, "a mirror with sync and audit");
            }
            return AdminResponse.json(200, new AuditAnswer(name, StoreView.Audit.of(fidelity)));
        } catch (StoreException e) {
            throw ProblemException.of(500, String.valueOf(e.getMessage()));
        }
    }
}
