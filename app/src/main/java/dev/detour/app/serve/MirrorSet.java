package dev.detour.app.serve;

import dev.detour.admin.mirror.StoreControls;
import dev.detour.config.DetourConfig;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.mirror.remote.UrlMirror;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tree.TreeMirror;
import dev.detour.proxy.backend.Backend;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All mirrors of this instance. It owns what keeps them up to date. */
final class MirrorSet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorSet.class);

    private final Map<String, Mirror> mirrors = new LinkedHashMap<>();
    private final Map<String, StoreService> stores = new LinkedHashMap<>();
    private final Map<String, CaptureSink> captures = new LinkedHashMap<>();
    private final List<FollowService> followers = new ArrayList<>();
    private final Map<String, StoreControls> controls = new LinkedHashMap<>();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    /** Known once the proxy runs. */
    private final Map<String, Backend> backends = new ConcurrentHashMap<>();

    private MirrorSet() {}

    /**
     * Opens every configured mirror; nothing is fetched until {@link #start}.
     *
     * @throws IOException if one cannot be opened; the message is one line for the operator
     */
    static MirrorSet open(
            DetourConfig config, Supplier<Withdrawn> tombstones, MeterRegistry registry, String version, Clock clock)
            throws IOException {
        MirrorSet set = new MirrorSet();
        try {
            MirrorMeters meters = new MirrorMeters(registry);
            for (MirrorConfig mirror : config.mirrors().values()) {
                set.open(mirror, config, tombstones, meters, version, clock);
            }
            set.mirrors.forEach(meters::watch);
            set.stores.forEach(meters::watch);
            return set;
        } catch (IOException | RuntimeException e) {
            set.close();
            throw e;
        }
    }

    private void open(
            MirrorConfig mirror,
            DetourConfig config,
            Supplier<Withdrawn> tombstones,
            MirrorMeters meters,
            String version,
            Clock clock)
            throws IOException {
        if (mirror.place() instanceof StoreConfig store && store.follow() != null) {
            FollowService service = FollowService.open(mirror, store, store.follow(), tombstones, clock);
            opened.push(service);
            followers.add(service);
            controls.put(mirror.name(), service);
            mirrors.put(mirror.name(), service.mirror());
        } else if (mirror.place() instanceof StoreConfig store) {
            StoreService service = StoreService.open(
                    mirror,
                    store,
                    config.backends(),
                    tombstones,
                    this::isUnfit,
                    SyncObserver.all(List.of(new SyncLog(mirror.name()), meters.sync(mirror.name()))),
                    meters.capture(mirror.name()),
                    version,
                    clock);
            opened.push(service);
            stores.put(mirror.name(), service);
            CaptureSink capture = service.capture();
            if (capture != null) {
                captures.put(mirror.name(), capture);
            }
            controls.put(mirror.name(), service);
            mirrors.put(mirror.name(), service.mirror());
        } else if (mirror.place() instanceof MirrorConfig.Tree) {
            mirrors.put(mirror.name(), new TreeMirror(mirror, tombstones, clock));
        } else if (mirror.place() instanceof MirrorConfig.Url url) {
            UrlMirror remote = UrlMirror.start(mirror.name(), url.base(), mirror.maxAge(), tombstones, clock);
            opened.push(remote);
            mirrors.put(mirror.name(), remote);
        }
        MirrorStatus status = Objects.requireNonNull(mirrors.get(mirror.name())).status();
        if (!status.fit()) {
            LOG.warn("mirror {} is not fit to serve: {}", mirror.name(), status.detail());
        }
    }

    private boolean isUnfit(String backend) {
        Backend known = backends.get(backend);
        return known != null && known.breaker().state() == BreakerState.OPEN;
    }

    /** Begins to fetch, by the side of these backends. */
    void start(Collection<Backend> running) {
        running.forEach(backend -> backends.put(backend.name(), backend));
        stores.values().forEach(StoreService::start);
        followers.forEach(FollowService::start);
    }

    /** By name, in the order of the configuration. */
    Map<String, Mirror> mirrors() {
        return Collections.unmodifiableMap(mirrors);
    }

    /** What takes the answers of backends, by mirror. */
    Map<String, CaptureSink> captures() {
        return Collections.unmodifiableMap(captures);
    }

    /** Those that are stores. */
    Map<String, StoreControls> stores() {
        return Collections.unmodifiableMap(controls);
    }

    @Override
    public void close() {
        for (AutoCloseable resource = opened.poll(); resource != null; resource = opened.poll()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("stopping: {}", e.toString());
            }
        }
    }
}
