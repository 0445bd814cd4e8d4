package dev.detour.app.watch;

import dev.detour.admin.AdminRoute;
import dev.detour.admin.certificate.CertificateRoutes;
import dev.detour.admin.certificate.CrlRoutes;
import dev.detour.config.DetourConfig;
import dev.detour.health.finding.Finding;
import dev.detour.proxy.backend.Backend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** All that an instance watches beside traffic, and those who are told. It owns them, and stops them in the opposite order. */
public final class Watching implements AutoCloseable {
    private final List<AutoCloseable> started = new ArrayList<>();
    private final CertificateService certificates;
    private final CrlService crls;
    private final Findings findings;
    private final Clock clock;

    private Watching(
            DetourConfig config,
            List<InetSocketAddress> listening,
            List<Backend> backends,
            WatchMeters meters,
            Clock clock)
            throws IOException {
        this.clock = clock;
        try {
            certificates = CertificateService.start(config, listening, backends, meters.certificates(), clock);
            started.add(certificates);
            crls = CrlService.start(config, certificates.crls(), certificates::certificates, meters.crls(), clock);
            started.add(crls);
            findings = new Findings(List.of(certificates::findings, crls.watch()::findings), clock);
            meters.count(findings);
            AlarmService alarms = AlarmService.start(config, findings, meters.notifications(), clock);
            if (alarms != null) {
                started.add(alarms);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Begins to watch.
     *
     * @param listening where this instance listens with TLS
     * @param backends whose endpoints are looked at if they speak TLS
     * @throws IOException if what is kept across restarts cannot be used; the message is one line for the operator
     */
    public static Watching start(
            DetourConfig config,
            List<InetSocketAddress> listening,
            List<Backend> backends,
            WatchMeters meters,
            Clock clock)
            throws IOException {
        return new Watching(config, listening, backends, meters, clock);
    }

    /** Everything that is wrong now. */
    public List<Finding> findings() {
        return findings.now();
    }

    /** What the admin API shows of it. */
    public List<AdminRoute> routes() {
        List<AdminRoute> routes = new ArrayList<>(CertificateRoutes.of(certificates, clock));
        routes.addAll(CrlRoutes.of(crls.watch(), clock));
        return routes;
    }

    @Override
    public void close() {
        for (int i = started.size() - 1; i >= 0; i--) {
            closing(started.get(i));
        }
        started.clear();
    }

    private static void closing(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            throw new IllegalStateException("services here close without a failure", e);
        }
    }
}
