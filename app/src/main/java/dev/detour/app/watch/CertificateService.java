package dev.detour.app.watch;

import dev.detour.admin.certificate.WatchedCertificates;
import dev.detour.config.DetourConfig;
import dev.detour.health.crl.WatchedCrl;
import dev.detour.health.finding.Finding;
import dev.detour.health.inventory.ExpiryCluster;
import dev.detour.health.inventory.Inventory;
import dev.detour.health.inventory.InventoryWatch;
import dev.detour.health.inventory.Judgement;
import dev.detour.health.inventory.Served;
import dev.detour.health.inventory.SourceReport;
import dev.detour.health.source.KnownCertificate;
import dev.detour.proxy.backend.Backend;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Watches certificates for as long as the instance runs, on threads of its own: neither traffic nor the health of backends ever
 * waits for a look.
 */
final class CertificateService implements WatchedCertificates, AutoCloseable {
    /** A source that hangs should not be all that is looked at. */
    private static final int LOOKS_AT_A_TIME = 2;

    private static final int HANDSHAKES_AT_A_TIME = 8;

    private final ScheduledExecutorService looks;
    private final ExecutorService probes;
    private final Inventory inventory;
    private final InventoryWatch watch;
    private final Judgement judgement;
    private final Map<String, String> servedBy;
    private final List<WatchedCrl> crls;
    private final CertificateMeters meters;

    private CertificateService(
            DetourConfig config,
            List<InetSocketAddress> listening,
            List<Backend> backends,
            CertificateMeters meters,
            Clock clock) {
        ScheduledThreadPoolExecutor pool =
                new ScheduledThreadPoolExecutor(LOOKS_AT_A_TIME, new DefaultThreadFactory("detour-certificates", true));
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.looks = pool;
        this.probes =
                Executors.newFixedThreadPool(HANDSHAKES_AT_A_TIME, new DefaultThreadFactory("detour-handshakes", true));
        CertificateSources sources = CertificateSources.of(config, listening, backends, probes, clock);
        this.inventory = new Inventory(sources.sources().keySet());
        this.judgement = sources.judgement();
        this.servedBy = sources.served();
        this.crls = List.copyOf(sources.crls());
        this.meters = meters;
        this.watch = new InventoryWatch(inventory, looks, this::looked, clock);
        sources.sources().forEach(watch::start);
    }

    /**
     * Begins to watch.
     *
     * @param listening where this instance listens with TLS
     * @param backends whose endpoints are looked at if they speak TLS
     */
    public static CertificateService start(
            DetourConfig config,
            List<InetSocketAddress> listening,
            List<Backend> backends,
            CertificateMeters meters,
            Clock clock) {
        return new CertificateService(config, listening, backends, meters, clock);
    }

    private void looked() {
        meters.show(sources(), judgement, served());
    }

    /** All certificates known now. */
    public List<KnownCertificate> certificates() {
        return inventory.certificates();
    }

    /** Revocation lists that come with sources, such as those of Vault mounts. */
    public List<WatchedCrl> crls() {
        return crls;
    }

    @Override
    public List<SourceReport> sources() {
        return inventory.sources();
    }

    @Override
    public Judgement judgement() {
        return judgement;
    }

    @Override
    public List<Served> served() {
        return Served.of(sources(), servedBy);
    }

    @Override
    public List<Finding> findings(Instant at) {
        List<SourceReport> sources = sources();
        List<Finding> findings = new ArrayList<>(judgement.findings(sources, at));
        served().stream().map(Served::finding).forEach(finding -> {
            if (finding != null) {
                findings.add(finding);
            }
        });
        findings.addAll(Served.drift(sources));
        ExpiryCluster.of(sources, judgement, at).forEach(cluster -> findings.add(cluster.finding()));
        return findings;
    }

    @Override
    public void close() {
        looks.shutdownNow();
        probes.shutdownNow();
        watch.close();
    }
}
