package dev.detour.app.cli;

import dev.detour.admin.AdminRoute;
import dev.detour.admin.AdminServer;
import dev.detour.admin.cache.CacheRoutes;
import dev.detour.admin.mirror.TombstoneRoutes;
import dev.detour.admin.mode.ModeRoutes;
import dev.detour.admin.mode.Places;
import dev.detour.admin.status.StatusRoutes;
import dev.detour.config.AdminConfig;
import dev.detour.config.HostPort;
import dev.detour.fleet.AuditLog;
import dev.detour.fleet.LocalOperatorState;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.endpoint.BackendStatus;
import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import dev.detour.health.finding.Finding;
import dev.detour.health.tls.TlsReason;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.tombstone.Tombstones;
import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.DiskStatistics;
import dev.detour.proxy.cache.Purge;
import dev.detour.proxy.cache.PurgeResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A real admin listener with real state on disk, a clock that stands still, and measurements that a test makes up. */
final class RunningAdmin implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String ONE = "10.0.0.11:8443";
    static final String TWO = "10.0.0.12:8443";

    final LocalOperatorState state;
    final Tombstones tombstones;
    volatile List<BackendStatus> backends = List.of(healthy());
    volatile Map<String, MirrorStatus> mirrors =
            Map.of("local", new MirrorStatus(true, Duration.ofMinutes(192), "serial 17"));

    /** What is wrong with certificates. */
    volatile List<Finding> findings = List.of();

    /** What was purged, and what the cache holds. */
    final MadeUpCache cache = new MadeUpCache();

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final Path token;
    private final AdminServer server;

    RunningAdmin(Path folder) throws IOException {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        token = folder.resolve("admin.token");
        state = LocalOperatorState.open(folder.resolve("state"), clock, scheduler);
        List<AdminRoute> routes = new ArrayList<>(StatusRoutes.of(
                () -> backends, () -> mirrors, cache::statistics, () -> findings, state, "1.2.3", clock));
        routes.addAll(CacheRoutes.of(() -> cache));
        AuditLog audit = new AuditLog(folder.resolve("state"));
        tombstones = Tombstones.open(folder.resolve("state"), clock);
        routes.addAll(TombstoneRoutes.of(tombstones, audit, () -> cache, List::of, clock));
        routes.addAll(ModeRoutes.of(state, () -> new Places(Set.of("warehouse"), Set.of()), clock));
        server = AdminServer.start(new AdminConfig(new HostPort("127.0.0.1", 0), token), routes);
    }

    /** A cache that remembers what it was told. */
    static final class MadeUpCache implements CacheControls {
        private static final DiskStatistics DISK =
                new DiskStatistics(9_000, 1L << 30, 4L << 30, 7, 9_001, 0, 1, 2, "/srv/copies: the disk is full");

        final List<Purge> purges = new ArrayList<>();

        @Override
        public PurgeResult purge(Purge purge) {
            purges.add(purge);
            return new PurgeResult(3, CompletableFuture.completedFuture(4));
        }

        @Override
        public CacheStatistics statistics() {
            return new CacheStatistics(1_204, 48L << 20, 256L << 20, 7, 2_000, 11, 5, DISK);
        }
    }

    /** What is typed, followed by where this instance is. */
    String[] at(String... typed) {
        List<String> all = new ArrayList<>(List.of(typed));
        all.addAll(List.of("--admin", url(), "--token-file", token.toString()));
        return all.toArray(String[]::new);
    }

    String url() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    static BackendStatus healthy() {
        return new BackendStatus(
                "warehouse",
                BreakerState.CLOSED,
                NOW.minusSeconds(90_000),
                null,
                null,
                64,
                1,
                0,
                List.of(up(ONE), up(TWO)),
                Map.of());
    }

    static BackendStatus broken() {
        Failure expired = Failure.tls(TlsReason.EXPIRED, "certificate expired on 2026-02-28");
        return new BackendStatus(
                "warehouse",
                BreakerState.OPEN,
                NOW.minusSeconds(125),
                NOW.plusMillis(3_900),
                expired,
                64,
                4,
                2,
                List.of(
                        new EndpointStatus(
                                ONE,
                                ONE,
                                0,
                                1,
                                null,
                                Standing.REJECTED,
                                false,
                                NOW.minusSeconds(130),
                                expired,
                                NOW.minusSeconds(131),
                                null,
                                null,
                                0),
                        new EndpointStatus(
                                TWO,
                                "index.internal:8443",
                                0,
                                1,
                                null,
                                Standing.EJECTED,
                                false,
                                NOW.minusSeconds(7),
                                Failure.status(502),
                                null,
                                NOW.plusSeconds(23),
                                null,
                                4)),
                Map.of("files.internal", "no such name"));
    }

    static EndpointStatus up(String name) {
        return new EndpointStatus(
                name,
                name,
                0,
                1,
                null,
                Standing.UP,
                false,
                NOW.minusSeconds(90_000),
                Failure.status(503),
                NOW.minusSeconds(1),
                null,
                null,
                1);
    }

    @Override
    public void close() {
        server.close();
        state.close();
        scheduler.shutdownNow();
    }
}
