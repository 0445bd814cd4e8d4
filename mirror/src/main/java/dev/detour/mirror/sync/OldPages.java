package dev.detour.mirror.sync;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/** Finds the pages that nobody has compared with the index's for too long, and has them read again. */
final class OldPages {
    private static final String LOOKED = "old-pages-looked-for";
    private static final int BATCH = 5_000;
    /** It costs a look at every page's state, so not in every run. */
    private static final int LOOKS = 168;

    private final MirrorStore store;
    private final Duration readAll;

    /**
     * Looks for them.
     *
     * @param readAll how old they may be; zero for any age
     */
    OldPages(MirrorStore store, Duration readAll) {
        this.store = store;
        this.readAll = readAll;
    }

    /** Writes tasks, if it is time to look. */
    void find(Instant now) throws StoreException {
        String looked = store.live().note(LOOKED);
        if (readAll.isZero()
                || (looked != null && now.isBefore(Instant.parse(looked).plus(readAll.dividedBy(LOOKS))))) {
            return;
        }
        Instant oldest = now.minus(readAll);
        SortedMap<String, ProjectState> states = store.live().statesAfter("", BATCH);
        while (!states.isEmpty()) {
            try (Change change = store.change()) {
                for (Map.Entry<String, ProjectState> state : states.entrySet()) {
                    if (isOld(state.getValue(), oldest)) {
                        reread(state.getKey(), change, now);
                    }
                }
                change.commit();
            }
            states = store.live().statesAfter(states.lastKey(), BATCH);
        }
        try (Change change = store.change()) {
            change.note(LOOKED, now.toString()).commit();
        }
    }

    private static boolean isOld(ProjectState state, Instant oldest) {
        Instant audited = state.auditedAt();
        return state.fetchedAt().isBefore(oldest) && (audited == null || audited.isBefore(oldest));
    }

    private void reread(String project, Change change, Instant now) throws StoreException {
        if (store.live().task(project) != null) {
            return;
        }
        ListEntry entry = store.live().listed(project);
        // one that the list lacks was quarantined, and may be gone since
        Task.Reason reason = entry == null ? Task.Reason.MISSING : Task.Reason.REREAD;
        change.task(new Task(project, reason, entry, 0, null, now, null));
    }
}
