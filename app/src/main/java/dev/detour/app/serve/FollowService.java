package dev.detour.app.serve;

import dev.detour.admin.mirror.StoreControls;
import dev.detour.config.MirrorConfig;
import dev.detour.config.StoreConfig;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.publish.FollowStatus;
import dev.detour.mirror.publish.Follower;
import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.SigningKey;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreMirror;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.sync.SyncReport;
import dev.detour.mirror.tombstone.Withdrawn;
import java.io.IOException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that takes over what another Detour publishes. */
final class FollowService implements StoreControls, AutoCloseable {
    private final StoreConfig.Follow follow;
    private final Generations generations;
    private final Follower follower;
    private final Mirror mirror;
    private final Clock clock;
    private volatile boolean asked;

    private FollowService(
            MirrorConfig config,
            StoreConfig store,
            StoreConfig.Follow follow,
            Generations generations,
            Follower follower,
            Supplier<Withdrawn> tombstones,
            Clock clock) {
        this.follow = follow;
        this.generations = generations;
        this.follower = follower;
        this.clock = clock;
        this.mirror = new StoreMirror(
                config.name(),
                config.maxAge(),
                generations,
                FileVault.reading(store.directory()),
                tombstones,
                clock,
                () -> null);
    }

    /**
     * Opens a store that follows.
     *
     * @throws IOException if the key or the store cannot be read; the message is one line for the operator
     */
    static FollowService open(
            MirrorConfig config,
            StoreConfig store,
            StoreConfig.Follow follow,
            Supplier<Withdrawn> tombstones,
            Clock clock)
            throws IOException {
        PublicKey key = SigningKey.publicKey(follow.key());
        StoreSettings settings = StoreSettings.defaults().withKeep(store.keep());
        Generations generations = Generations.open(store.directory(), key, settings);
        try {
            Follower follower = Follower.open(
                    store.directory(),
                    generations,
                    key,
                    follow.url(),
                    new Follower.ReleaseFiles(store.files(), store.filesLimit()),
                    clock);
            return new FollowService(config, store, follow, generations, follower, tombstones, clock);
        } catch (StoreException | RuntimeException e) {
            generations.close();
            throw e;
        }
    }

    void start() {
        follower.start(follow.every());
    }

    Mirror mirror() {
        return mirror;
    }

    /** One look on the caller's thread, instead of {@link #start}. */
    SyncReport runOnce() throws StoreException {
        Instant began = clock.instant();
        Follower.Outcome outcome = follower.runNow();
        return report(began, Duration.between(began, clock.instant()), outcome.generation(), null);
    }

    @Override
    public CompletableFuture<SyncReport> sync() {
        asked = true;
        return CompletableFuture.supplyAsync(() -> {
            try {
                return runOnce();
            } catch (StoreException e) {
                throw new CompletionException(e);
            } finally {
                asked = false;
            }
        });
    }

    @Override
    public @Nullable SyncReport lastSync() {
        FollowStatus status = follower.status();
        return status.lastRun() == null
                ? null
                : report(status.lastRun(), Duration.ZERO, status.generation(), problem(status));
    }

    private static @Nullable String problem(FollowStatus status) {
        return status.problem() == null && status.expired()
                ? "what is followed has expired: nothing is published any more"
                : status.problem();
    }

    private SyncReport report(Instant began, Duration took, long generation, @Nullable String problem) {
        long listed;
        try (Generation.Lease lease = generations.current()) {
            listed = lease == null ? 0 : lease.generation().manifest().listed();
        }
        return new SyncReport(began, took, listed, Map.of(), List.of(), 0, 0, problem, generation, problem == null);
    }

    @Override
    public boolean isSyncing() {
        return asked;
    }

    @Override
    public List<Generations.Summary> generations() throws StoreException {
        return generations.list();
    }

    @Override
    public void rollback(long generation) throws StoreException {
        generations.use(generation, true);
    }

    @Override
    public void unpin() throws StoreException {
        generations.unpin();
    }

    @Override
    public @Nullable Fidelity fidelity() {
        return null;
    }

    @Override
    public @Nullable Fidelity audit(int projects) {
        return null;
    }

    @Override
    public void close() throws StoreException {
        follower.close();
        generations.close();
    }
}
