package dev.detour.admin.mirror;

import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.sync.SyncReport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What an operator can ask of a store and do to it. */
public interface StoreControls {
    /** Begins a run as soon as may be; null if this instance does not fetch from anywhere. */
    @Nullable CompletableFuture<SyncReport> sync();

    /** The last run's report, or null. */
    @Nullable SyncReport lastSync();

    /** Whether a run is going on. */
    boolean isSyncing();

    /** Oldest first. */
    List<Generations.Summary> generations() throws StoreException;

    /** Serves a generation and keeps to it. */
    void rollback(long generation) throws StoreException;

    /** Serves the newest, and those that come. */
    void unpin() throws StoreException;

    /** How faithful the copy is, or null if nobody compares it. */
    @Nullable Fidelity fidelity();

    /** Compares the next so many projects now; null if nobody compares it. Blocks. */
    @Nullable Fidelity audit(int projects) throws StoreException;
}
