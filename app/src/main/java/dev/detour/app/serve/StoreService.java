package dev.detour.app.serve;

import dev.detour.admin.mirror.StoreControls;
import dev.detour.config.BackendConfig;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.audit.Auditor;
import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.audit.RollingAudit;
import dev.detour.mirror.capture.CaptureObserver;
import dev.detour.mirror.capture.CaptureQueue;
import dev.detour.mirror.capture.CaptureSettings;
import dev.detour.mirror.capture.CaptureSink;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreMirror;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.store.Task;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.sync.SyncReport;
import dev.detour.mirror.sync.SyncSettings;
import dev.detour.mirror.sync.Syncer;
import dev.detour.mirror.tombstone.Withdrawn;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One store of this instance, and all that keeps it as the index is. It owns them, and stops them in the opposite order. */
final class StoreService implements StoreControls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreService.class);
    private static final long SEAL_SECONDS = 60;

    private final String name;
    private final MirrorStore store;
    private final Mirror mirror;
    private final @Nullable Syncer syncer;
    private final @Nullable Auditor auditor;
    private final @Nullable RollingAudit audit;
    private final @Nullable ScheduledExecutorService auditThread;
    private final @Nullable CaptureQueue capture;
    private final ScheduledExecutorService sealThread;

    private StoreService(
            MirrorConfig mirrorConfig,
            StoreConfig config,
            MirrorStore store,
            Map<String, BackendConfig> backends,
            Supplier<Withdrawn> tombstones,
            Predicate<String> backendUnfit,
            SyncObserver observer,
            CaptureObserver captured,
            String version,
            Clock clock)
            throws IOException {
        this.name = mirrorConfig.name();
        this.store = store;
        StoreConfig.Sync sync = config.sync();
        if (sync == null) {
            syncer = null;
        } else {
            syncer = new Syncer(
                    name,
                    store,
                    BackendAddress.of(sync, backends),
                    settings(config, sync),
                    new Syncer.Surroundings(
                            version,
                            PageRule.SPECIFICATION,
                            () -> sync.backend() != null && backendUnfit.test(sync.backend()),
                            observer,
                            clock));
        }
        if (syncer == null || sync == null || config.audit().isZero()) {
            auditor = null;
            audit = null;
            auditThread = null;
        } else {
            Syncer asked = syncer;
            auditor = new Auditor(
                    name,
                    store,
                    project -> asked.fetchSoon(project, Task.Reason.DIFFERENT),
                    mirrorConfig.minFidelity(),
                    clock);
            auditThread =
                    Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-audit-" + name, true));
            audit = new RollingAudit(
                    auditor,
                    store,
                    new SyncedIndex(asked.index()),
                    () -> sync.backend() != null && backendUnfit.test(sync.backend()),
                    config.audit(),
                    auditThread);
        }
        Auditor judge = auditor;
        sealThread = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("detour-seal-" + name, true));
        capture = config.capture() ? capture(sync, captured, clock) : null;
        mirror = new StoreMirror(
                name,
                mirrorConfig.maxAge(),
                store.generations(),
                store.files(),
                tombstones,
                clock,
                () -> judge == null ? null : judge.doubt());
    }

    /**
     * Opens a store.
     *
     * @param backendUnfit whether a backend, by name, is not to be asked now
     * @throws IOException if it cannot be opened; the message is one line for the operator
     */
    static StoreService open(
            MirrorConfig mirror,
            StoreConfig config,
            Map<String, BackendConfig> backends,
            Supplier<Withdrawn> tombstones,
            Predicate<String> backendUnfit,
            SyncObserver observer,
            CaptureObserver captured,
            String version,
            Clock clock)
            throws IOException {
        StoreSettings defaults = StoreSettings.defaults();
        MirrorStore store = MirrorStore.open(
                config.directory(),
                new StoreSettings(config.keep(), defaults.blockCacheBytes(), config.filesLimit()),
                clock);
        try {
            return new StoreService(
                    mirror, config, store, backends, tombstones, backendUnfit, observer, captured, version, clock);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    static SyncSettings settings(StoreConfig config, StoreConfig.Sync sync) {
        return new SyncSettings(
                sync.every(),
                sync.connections(),
                sync.rate(),
                SyncSettings.Documents.valueOf(sync.documents().name()),
                sync.provenance(),
                SyncSettings.Files.valueOf(config.files().name()),
                sync.brakeProjects(),
                sync.brakeShare(),
                sync.readAll());
    }

    /** Begins to fetch and to compare. */
    void start() {
        if (syncer != null) {
            syncer.start();
        }
        if (audit != null) {
            audit.start();
        }
        if (syncer == null) {
            // nobody else seals what is captured
            var unused = sealThread.scheduleWithFixedDelay(this::seal, SEAL_SECONDS, SEAL_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void seal() {
        try {
            if (store.live().listHead() != null) {
                store.seal();
            }
        } catch (StoreException | RuntimeException e) {
            LOG.warn("mirror {}: {}", name, e.toString());
        }
    }

    private CaptureQueue capture(StoreConfig.@Nullable Sync sync, CaptureObserver captured, Clock clock) {
        boolean documents = sync == null || sync.documents() != StoreConfig.Documents.NONE;
        boolean releases = sync == null || sync.documents() == StoreConfig.Documents.ALL;
        boolean provenance = sync == null || sync.provenance();
        return CaptureQueue.start(
                store,
                PageRule.SPECIFICATION,
                new CaptureAudit(auditor, captured),
                project -> {
                    if (syncer != null) {
                        syncer.fetchSoon(project, Task.Reason.WANTED);
                    }
                },
                CaptureSettings.defaults().copying(documents, releases, provenance),
                clock);
    }

    /** One run on the caller's thread, instead of {@link #start}. */
    SyncReport runOnce() throws StoreException, InterruptedException {
        if (syncer == null) {
            throw new StoreException("mirrors." + name + " has no sync");
        }
        return syncer.run();
    }

    Mirror mirror() {
        return mirror;
    }

    MirrorStore store() {
        return store;
    }

    /** What the data path gives its answers to, or null. */
    @Nullable CaptureSink capture() {
        return capture;
    }

    @Override
    public @Nullable CompletableFuture<SyncReport> sync() {
        return syncer == null ? null : syncer.runNow();
    }

    @Override
    public @Nullable SyncReport lastSync() {
        return syncer == null ? null : syncer.last();
    }

    @Override
    public boolean isSyncing() {
        return syncer != null && syncer.isRunning();
    }

    @Override
    public List<Generations.Summary> generations() throws StoreException {
        return store.generations().list();
    }

    @Override
    public void rollback(long generation) throws StoreException {
        store.generations().use(generation, true);
    }

    @Override
    public void unpin() throws StoreException {
        store.generations().unpin();
    }

    @Override
    public @Nullable Fidelity fidelity() {
        return auditor == null ? null : auditor.fidelity();
    }

    @Override
    public @Nullable Fidelity audit(int projects) throws StoreException {
        if (audit == null || auditor == null) {
            return null;
        }
        audit.compareNext(projects);
        return auditor.fidelity();
    }

    @Override
    public void close() throws IOException {
        if (capture != null) {
            capture.close();
        }
        sealThread.shutdownNow();
        if (audit != null) {
            audit.close();
        }
        if (auditThread != null) {
            auditThread.shutdownNow();
        }
        if (syncer != null) {
            syncer.close();
        }
        store.close();
    }
}
