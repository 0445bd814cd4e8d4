package dev.detour.app.watch;

import dev.detour.config.CrlsConfig;
import dev.detour.config.DetourConfig;
import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.crl.CrlFileSource;
import dev.detour.health.crl.CrlHistory;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.CrlSource;
import dev.detour.health.crl.CrlTerms;
import dev.detour.health.crl.CrlUrlSource;
import dev.detour.health.crl.CrlWatch;
import dev.detour.health.crl.NamedCrl;
import dev.detour.health.crl.WatchedCrl;
import dev.detour.health.source.KnownCertificate;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches revocation lists for as long as the instance runs, on a thread of its own. */
final class CrlService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CrlService.class);
    private static final String HISTORY = "crl-sizes.jsonl";
    /** Lists that certificates name. No configured name is in parentheses. */
    private static final String FROM_CERTIFICATES = "(certificates)";

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-crls", true));
    private final List<WatchedCrl> configured = new ArrayList<>();
    private final CrlsConfig.@Nullable FromCertificates fromCertificates;
    private final Supplier<List<KnownCertificate>> certificates;
    private final CrlWatch watch;
    private final CrlMeters meters;
    private final Clock clock;

    private CrlService(
            DetourConfig config,
            List<WatchedCrl> others,
            Supplier<List<KnownCertificate>> certificates,
            CrlMeters meters,
            Clock clock) {
        this.fromCertificates = config.crls().fromCertificates();
        this.certificates = certificates;
        this.watch = new CrlWatch(CrlHistory.in(config.state().resolve(HISTORY)), clock);
        this.meters = meters;
        this.clock = clock;
        config.crls().sources().forEach(source -> configured.add(watched(source)));
        configured.addAll(others);
    }

    /**
     * Begins to watch.
     *
     * @param others lists beside those of {@code crls}, such as those of Vault mounts
     * @param certificates those known now, whose words on where lists are may be followed
     * @throws IOException if the directory for what is kept cannot be made
     */
    public static CrlService start(
            DetourConfig config,
            List<WatchedCrl> others,
            Supplier<List<KnownCertificate>> certificates,
            CrlMeters meters,
            Clock clock)
            throws IOException {
        Files.createDirectories(config.state());
        CrlService service = new CrlService(config, others, certificates, meters, clock);
        Duration every = config.crls().every();
        if (!service.configured.isEmpty() || service.fromCertificates != null) {
            var unused =
                    service.thread.scheduleWithFixedDelay(service::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return service;
    }

    private static WatchedCrl watched(CrlsConfig.Source config) {
        CrlSource source = config.file() != null
                ? new CrlFileSource(config.name(), config.file())
                : new CrlUrlSource(config.name(), Objects.requireNonNull(config.url()), trust(config.trust()));
        CrlTerms terms = new CrlTerms(
                limit(config.limit()),
                config.lifetime(),
                config.live() == null ? null : Long.valueOf(config.live()),
                config.issuer() != null);
        Supplier<List<X509Certificate>> issuers =
                config.issuer() == null ? List::of : TrustAnchors.in(config.issuer())::certificates;
        return new WatchedCrl(source, issuers, () -> terms);
    }

    private static @Nullable TrustAnchors trust(@Nullable Path file) {
        return file == null ? null : TrustAnchors.in(file);
    }

    private static @Nullable CrlLimit limit(@Nullable String text) {
        return text == null ? null : CrlLimit.parse(text);
    }

    private void look() {
        try {
            List<WatchedCrl> all = new ArrayList<>(configured);
            if (fromCertificates != null) {
                all.addAll(named(fromCertificates));
            }
            watch.look(all);
            meters.show(watch.known(), clock.instant());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // a bug of ours, but without the next look nobody would ever hear of any list again
            LOG.error("looking at revocation lists failed", e);
        }
    }

    private List<WatchedCrl> named(CrlsConfig.FromCertificates from) {
        List<String> urls = certificates.get().stream()
                .flatMap(each -> each.facts().crlUrls().stream())
                .distinct()
                .toList();
        CrlTerms terms = new CrlTerms(limit(from.limit()), null, null, false);
        return NamedCrl.of(FROM_CERTIFICATES, urls, from.hosts()).stream()
                .map(source -> new WatchedCrl(source, List::of, () -> terms))
                .toList();
    }

    /** What is known of all lists. */
    public CrlWatch watch() {
        return watch;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
