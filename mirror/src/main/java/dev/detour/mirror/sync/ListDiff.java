package dev.detour.mirror.sync;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a project list of the index says that the copy does not. Both are in the order of names, so they are laid side by
 * side; whatever is listed with the serial that is kept is left alone. An entry with an earlier serial than the one kept is
 * old news.
 */
final class ListDiff {
    private static final int BATCH = 5_000;

    private final Listing listing;
    private final boolean reread;
    private final int keepMissing;

    /** Rows of the list. */
    private final BitSet isNew = new BitSet();

    private final BitSet changed = new BitSet();
    private final BitSet older = new BitSet();
    private final List<String> missing = new ArrayList<>();
    private long missingCount;
    private long known;
    private int row;

    /**
     * Compares.
     *
     * @param reread whether every page is to be read again
     * @param keepMissing how many missing projects are worth remembering
     */
    static ListDiff of(StoreView live, Listing listing, boolean reread, int keepMissing) throws StoreException {
        ListDiff diff = new ListDiff(listing, reread, keepMissing);
        live.forEachListed(diff::compare);
        diff.isNew.set(diff.row, listing.size());
        return diff;
    }

    private ListDiff(Listing listing, boolean reread, int keepMissing) {
        this.listing = listing;
        this.reread = reread;
        this.keepMissing = keepMissing;
    }

    private void compare(ListEntry our) {
        known++;
        while (row < listing.size() && listing.compareName(row, our.project()) < 0) {
            isNew.set(row++);
        }
        if (row == listing.size() || listing.compareName(row, our.project()) != 0) {
            if (missingCount++ < keepMissing) {
                missing.add(our.project());
            }
            return;
        }
        boolean isOlder = our.serial().isPresent()
                && our.serial().getAsLong() > listing.serial(row).orElse(Long.MAX_VALUE);
        older.set(row, isOlder);
        changed.set(row, reread || (!isOlder && !listing.entry(row).equals(our)));
        row++;
    }

    /** How many projects the copy lists. */
    long known() {
        return known;
    }

    /** How many of them the list lacks. */
    long missing() {
        return missingCount;
    }

    /**
     * Writes down what is to be done.
     *
     * @param withMissing whether to see to the missing projects too; there are no more than {@code keepMissing}, then
     */
    void write(MirrorStore store, boolean withMissing, Instant now) throws StoreException {
        try (Batches batches = new Batches(store)) {
            dropOutdated(store.live(), batches);
            for (int i = nextTask(0); i < listing.size(); i = nextTask(i + 1)) {
                note(store.live(), batches, i, now);
            }
            for (String project : withMissing ? missing : List.<String>of()) {
                Task pending = store.live().task(project);
                if (pending == null || pending.reason() != Task.Reason.MISSING) {
                    batches.next().task(new Task(project, Task.Reason.MISSING, null, 0, null, now, null));
                }
            }
            batches.commit();
        }
    }

    private int nextTask(int from) {
        int oneNew = isNew.nextSetBit(from);
        int oneChanged = changed.nextSetBit(from);
        if (oneNew < 0 || oneChanged < 0) {
            int one = Math.max(oneNew, oneChanged);
            return one < 0 ? listing.size() : one;
        }
        return Math.min(oneNew, oneChanged);
    }

    /** Tasks that the list contradicts: what was new and is gone again, what was missing and is back. */
    private void dropOutdated(StoreView live, Batches batches) throws StoreException {
        String last = "";
        for (List<Task> tasks = live.tasksAfter(last, BATCH); !tasks.isEmpty(); tasks = live.tasksAfter(last, BATCH)) {
            for (Task task : tasks) {
                last = task.project();
                boolean listed = listing.contains(last);
                boolean isBack = task.reason() == Task.Reason.MISSING && listed;
                if (isBack || (task.entry() != null && !listed && live.listed(last) == null)) {
                    batches.next().done(last);
                }
            }
        }
        // what follows looks at the tasks that are left
        batches.commit();
    }

    private void note(StoreView live, Batches batches, int at, Instant now) throws StoreException {
        ListEntry listed = older.get(at) ? null : listing.entry(at);
        ListEntry entry = listed == null ? live.listed(listing.project(at)) : listed;
        if (entry == null) {
            return;
        }
        Task pending = live.task(entry.project());
        if (pending != null && entry.equals(pending.entry())) {
            // it is being worked on, and may be parked
            return;
        }
        ProjectState state = live.state(entry.project());
        // a captured page came without its documents and attestations
        boolean hasIt = state != null
                && state.origin() != Origin.CAPTURE
                && entry.serial().isPresent()
                && state.serial().isPresent()
                && state.serial().getAsLong() >= entry.serial().getAsLong();
        if (hasIt && !reread) {
            // an answer that passed by was taken before the list told
            batches.next().listed(entry).done(entry.project());
            return;
        }
        Task.Reason reason = isNew.get(at) ? Task.Reason.NEW : reread ? Task.Reason.REREAD : Task.Reason.CHANGED;
        batches.next().task(new Task(entry.project(), reason, entry, 0, null, now, null));
    }

    /** Changes of many projects, so many at a time. */
    private static final class Batches implements AutoCloseable {
        private final MirrorStore store;
        private Change change;
        private int count;

        Batches(MirrorStore store) {
            this.store = store;
            this.change = store.change();
        }

        Change next() throws StoreException {
            if (++count % BATCH == 0) {
                commit();
            }
            return change;
        }

        void commit() throws StoreException {
            change.commit();
            change.close();
            change = store.change();
        }

        @Override
        public void close() {
            change.close();
        }
    }
}
