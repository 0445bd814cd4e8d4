package dev.detour.app.watch;

import dev.detour.config.BackendConfig;
import dev.detour.config.CertificatesConfig;
import dev.detour.config.DetourConfig;
import dev.detour.config.LifeMark;
import dev.detour.config.ListenerConfig;
import dev.detour.health.certificate.Threshold;
import dev.detour.health.certificate.Thresholds;
import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.certificate.WireTarget;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.WatchedCrl;
import dev.detour.health.inventory.FilesSource;
import dev.detour.health.inventory.Judgement;
import dev.detour.health.inventory.OwnSource;
import dev.detour.health.inventory.ServerSource;
import dev.detour.health.source.CertificateSource;
import dev.detour.health.source.SourceKind;
import dev.detour.health.vault.VaultMount;
import dev.detour.health.vault.VaultSettings;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.Endpoint;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that a configuration has watched, as sources of certificates with the time between two looks at each. */
final class CertificateSources {
    /** What listeners show. No configured name is in parentheses. */
    private static final String LISTENERS = "(listeners)";

    private final DetourConfig config;
    private final Executor probes;
    private final Clock clock;
    private final Map<CertificateSource, Duration> sources = new LinkedHashMap<>();
    private final Map<String, String> served = new LinkedHashMap<>();
    private final List<WatchedCrl> crls = new ArrayList<>();
    private final Map<String, Thresholds> thresholds = new LinkedHashMap<>();

    private CertificateSources(DetourConfig config, Executor probes, Clock clock) {
        this.config = config;
        this.probes = probes;
        this.clock = clock;
    }

    /**
     * The sources of a configuration.
     *
     * @param listening where this instance listens with TLS
     * @param probes runs handshakes
     */
    static CertificateSources of(
            DetourConfig config,
            List<InetSocketAddress> listening,
            List<Backend> backends,
            Executor probes,
            Clock clock) {
        CertificateSources all = new CertificateSources(config, probes, clock);
        all.own(listening);
        backends.stream()
                .filter(backend -> backend.config().endpoints().get(0).secure())
                .forEach(all::backend);
        config.certificates().sources().forEach(all::configured);
        return all;
    }

    /** Each with the time between two looks at it. */
    Map<CertificateSource, Duration> sources() {
        return sources;
    }

    /** Sources on the wire by the sources on the disk whose certificates they should show. */
    Map<String, String> served() {
        return served;
    }

    Judgement judgement() {
        CertificatesConfig certificates = config.certificates();
        return new Judgement(thresholds(certificates.warn(), certificates.critical()), thresholds);
    }

    private void own(List<InetSocketAddress> listening) {
        List<OwnSource.Identity> identities = new ArrayList<>();
        config.listeners().stream()
                .map(ListenerConfig::tls)
                .filter(Objects::nonNull)
                .forEach(tls -> identities.add(new OwnSource.Identity(tls.certificate(), tls.key())));
        List<Path> authorities = new ArrayList<>();
        for (BackendConfig backend : config.backends().values()) {
            BackendConfig.Tls tls = backend.tls();
            if (tls.certificate() != null && tls.key() != null) {
                identities.add(new OwnSource.Identity(tls.certificate(), tls.key()));
            }
            if (tls.trust() != null) {
                authorities.add(tls.trust());
            }
        }
        trusted(config.certificates()).forEach(authorities::add);
        if (!identities.isEmpty() || !authorities.isEmpty()) {
            sources.put(
                    new OwnSource(identities, authorities),
                    config.certificates().every());
        }
        if (!listening.isEmpty()) {
            List<WireTarget> targets =
                    listening.stream().map(CertificateSources::local).toList();
            shown(LISTENERS, targets);
            served.put(OwnSource.NAME, LISTENERS);
        }
    }

    private static Stream<Path> trusted(CertificatesConfig certificates) {
        return certificates.sources().stream()
                .map(CertificatesConfig.Source::place)
                .map(place -> place instanceof CertificatesConfig.Server server
                        ? server.trust()
                        : place instanceof CertificatesConfig.Vault vault ? vault.trust() : null)
                .filter(Objects::nonNull);
    }

    private static WireTarget local(InetSocketAddress address) {
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return new WireTarget(WireTarget.Protocol.TLS, host, address.getPort());
    }

    /** What servers show, to be compared with the disk: whether clients accept their chains is not asked. */
    private void shown(String name, List<WireTarget> targets) {
        sources.put(
                new ServerSource(name, SourceKind.SERVER, () -> targets, null, probes, clock),
                config.certificates().probeEvery());
    }

    private void backend(Backend backend) {
        BackendConfig.Tls tls = backend.config().tls();
        sources.put(
                new ServerSource(
                        backend.name(),
                        SourceKind.BACKEND,
                        () -> targets(backend, tls.serverName()),
                        TrustAnchors.in(tls.trust())::certificates,
                        probes,
                        clock),
                config.certificates().probeEvery());
    }

    private static List<WireTarget> targets(Backend backend, @Nullable String serverName) {
        return backend.endpoints().now().stream()
                .map(endpoint -> target(endpoint, serverName))
                .toList();
    }

    private static WireTarget target(Endpoint endpoint, @Nullable String serverName) {
        return new WireTarget(
                WireTarget.Protocol.TLS,
                endpoint.address().getAddress().getHostAddress(),
                endpoint.address().getPort(),
                serverName != null ? serverName : endpoint.host());
    }

    private void configured(CertificatesConfig.Source source) {
        thresholds.put(
                source.name(),
                thresholds(
                        source.warn() != null
                                ? source.warn()
                                : config.certificates().warn(),
                        source.critical() != null
                                ? source.critical()
                                : config.certificates().critical()));
        Duration every = config.certificates().every();
        CertificatesConfig.Place place = source.place();
        if (place instanceof CertificatesConfig.Files files) {
            sources.put(new FilesSource(source.name(), files.path(), files.passwordFile()), every);
            if (!files.servedBy().isEmpty()) {
                String name = source.name() + " (served)";
                shown(
                        name,
                        files.servedBy().stream()
                                .map(CertificateSources::parsed)
                                .toList());
                served.put(source.name(), name);
            }
        } else if (place instanceof CertificatesConfig.Server server) {
            List<WireTarget> target = List.of(parsed(server.target()));
            sources.put(
                    new ServerSource(
                            source.name(),
                            SourceKind.SERVER,
                            () -> target,
                            TrustAnchors.in(server.trust())::certificates,
                            probes,
                            clock),
                    config.certificates().probeEvery());
        } else if (place instanceof CertificatesConfig.Vault vault) {
            VaultMount mount = new VaultMount(
                    new VaultSettings(
                            source.name(),
                            vault.url(),
                            vault.mount(),
                            vault.tokenFile(),
                            vault.trust() == null ? null : TrustAnchors.in(vault.trust()),
                            vault.namespace(),
                            CrlLimit.parse(vault.limit())),
                    clock);
            sources.put(mount, every);
            crls.add(mount.crl());
        }
    }

    /** Lists that come with sources. */
    List<WatchedCrl> crls() {
        return crls;
    }

    private static WireTarget parsed(String target) {
        return Objects.requireNonNull(WireTarget.parse(target), target);
    }

    private static Thresholds thresholds(@Nullable LifeMark warn, @Nullable LifeMark critical) {
        return new Thresholds(threshold(warn), threshold(critical));
    }

    private static @Nullable Threshold threshold(@Nullable LifeMark mark) {
        if (mark == null) {
            return null;
        }
        return mark.used() != null
                ? new Threshold.Used(mark.used())
                : new Threshold.Left(Objects.requireNonNull(mark.left()));
    }
}
