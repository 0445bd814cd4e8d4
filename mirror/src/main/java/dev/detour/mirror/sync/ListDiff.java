package dev.detour.mirror.sync;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a project list of the index says that the copy does not: written down as tasks. Whatever is listed with the serial
 * that is kept is left alone.
 */
final class ListDiff {
    private static final int BATCH = 5_000;

    private final MirrorStore store;
    private final StoreView live;
    private final Instant now;
    /** Every page is to be read again. */
    private final boolean reread;

    private final List<ListEntry> missing = new ArrayList<>();
    private Change change;
    private int changed;

    private ListDiff(MirrorStore store, Instant now, boolean reread) {
        this.store = store;
        this.live = store.live();
        this.now = now;
        this.reread = reread;
        this.change = store.change();
    }

    /**
     * Writes down what is to be done.
     *
     * @param listed in the order of names, each once
     * @param brake how many projects the list may lack
     * @return how many projects of the copy the list lacks; if they are more than {@code brake}, none was touched
     */
    static long write(MirrorStore store, List<ListEntry> listed, long brake, boolean reread, Instant now)
            throws StoreException {
        ListDiff diff = new ListDiff(store, now, reread);
        try {
            diff.compare(listed);
            diff.dropOutdated(listed);
            if (diff.missing.size() <= brake) {
                diff.markMissing();
            }
            diff.change.commit();
            return diff.missing.size();
        } finally {
            diff.change.close();
        }
    }

    private void compare(List<ListEntry> listed) throws StoreException {
        List<ListEntry> known = new ArrayList<>();
        live.forEachListed(known::add);
        Iterator<ListEntry> ours = known.iterator();
        ListEntry our = next(ours);
        for (ListEntry their : listed) {
            while (our != null && our.project().compareTo(their.project()) < 0) {
                missing.add(our);
                our = next(ours);
            }
            if (our != null && our.project().equals(their.project())) {
                if (reread || !our.json().equals(their.json())) {
                    changed(their, reread ? Task.Reason.REREAD : Task.Reason.CHANGED);
                }
                our = next(ours);
            } else {
                changed(their, Task.Reason.NEW);
            }
        }
        for (; our != null; our = next(ours)) {
            missing.add(our);
        }
    }

    private static @Nullable ListEntry next(Iterator<ListEntry> entries) {
        return entries.hasNext() ? entries.next() : null;
    }

    private void changed(ListEntry entry, Task.Reason reason) throws StoreException {
        Task known = live.task(entry.project());
        if (known != null && entry.equals(known.entry())) {
            // it is being worked on, and may be parked
            return;
        }
        ProjectState state = live.state(entry.project());
        boolean hasIt = state != null
                && entry.serial().isPresent()
                && state.serial().isPresent()
                && state.serial().getAsLong() >= entry.serial().getAsLong();
        if (hasIt && reason != Task.Reason.REREAD) {
            // an answer that passed by was taken before the list told
            change.listed(entry).done(entry.project());
        } else {
            change.task(new Task(entry.project(), reason, entry, 0, null, now, null));
        }
        batch();
    }

    private void batch() throws StoreException {
        if (++changed % BATCH == 0) {
            change.commit();
            change.close();
            change = store.change();
        }
    }

    /** Tasks of projects that were listed and are not any more. */
    private void dropOutdated(List<ListEntry> listed) throws StoreException {
        Set<String> pending = new HashSet<>();
        live.forEachTask(task -> {
            if (task.entry() != null) {
                pending.add(task.project());
            }
        });
        if (!pending.isEmpty()) {
            listed.forEach(entry -> pending.remove(entry.project()));
        }
        for (String project : pending) {
            if (live.listed(project) == null) {
                change.done(project);
                batch();
            }
        }
    }

    private void markMissing() throws StoreException {
        for (ListEntry entry : missing) {
            Task known = live.task(entry.project());
            if (known == null || known.entry() != null) {
                change.task(new Task(entry.project(), Task.Reason.MISSING, null, 0, null, now, null));
                batch();
            }
        }
    }
}
