package dev.detour.mirror.interchange;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts what a source has beside what the store has: the newer of two pages stays. Not thread-safe.
 *
 * <p>A source that is older than the store, or of unknown age, adds no names to the store's list: what is missing there may
 * have been deleted since.
 */
final class Merge {
    private static final long TOLD_EVERY = 1_000;

    private final MirrorStore store;
    private final StoreView live;
    private final Instant taken;
    private final ImportObserver observer;
    private final boolean hasAge;
    /** Whether nothing has to be asked for: there was no list. */
    private final boolean fresh;

    private final boolean older;
    private final Set<String> listed = new HashSet<>();
    private final Map<ImportReport.Result, Long> results = new EnumMap<>(ImportReport.Result.class);
    private final List<ImportReport.Problem> problems = new ArrayList<>();
    private long problemCount;
    private long documents;
    private long files;
    private long projects;

    /**
     * Into a store.
     *
     * @param taken how old the source is, or null if nobody knows
     * @param before how old the store is, or null if it has no generation
     */
    Merge(MirrorStore store, @Nullable Instant taken, @Nullable Instant before, ImportObserver observer)
            throws StoreException {
        this.store = store;
        this.live = store.live();
        this.taken = taken == null ? Instant.EPOCH : taken;
        this.hasAge = taken != null;
        this.observer = observer;
        this.fresh = live.listHead() == null && live.statesAfter("", 1).isEmpty();
        this.older = !fresh && live.listHead() != null && before != null && (taken == null || taken.isBefore(before));
    }

    /** Whether the store's list is the newer one. */
    boolean isOlder() {
        return older;
    }

    /** Whether the store was empty. */
    boolean isFirst() {
        return fresh;
    }

    void write(List<Candidate> batch) throws StoreException {
        try (Change change = store.change()) {
            List<ImportReport.Result> done = new ArrayList<>(batch.size());
            for (Candidate candidate : batch) {
                done.add(add(candidate, change));
            }
            change.commit();
            for (int i = 0; i < batch.size(); i++) {
                tell(batch.get(i), done.get(i));
            }
        }
        long before = projects;
        projects += batch.size();
        if (projects / TOLD_EVERY > before / TOLD_EVERY) {
            observer.onWritten(projects);
        }
    }

    private void tell(Candidate candidate, ImportReport.Result result) {
        results.merge(result, 1L, Long::sum);
        candidate.problems.forEach(problem -> note(candidate.project, problem));
        candidate.remarks.forEach(remark -> note(candidate.project, remark));
        observer.onProject(candidate.project, result, String.join("; ", candidate.problems));
    }

    private void note(String project, String problem) {
        problemCount++;
        if (problems.size() < ImportReport.MOST) {
            problems.add(new ImportReport.Problem(project, problem));
        }
    }

    private ImportReport.Result add(Candidate candidate, Change change) throws StoreException {
        String project = candidate.project;
        ListEntry known = fresh ? null : live.listed(project);
        if (older && known == null) {
            return ImportReport.Result.KEPT;
        }
        ListEntry entry = older ? known : newer(candidate.entry, known);
        if (!fresh && candidate.entry != null) {
            listed.add(project);
        }
        ProjectState state = fresh ? null : live.state(project);
        Candidate.PageBytes page = candidate.page;
        if (page == null) {
            return lacking(candidate, entry, state, change);
        }
        if (entry != null && !entry.equals(known)) {
            change.listed(entry);
        }
        ImportReport.Result result = compare(page, state);
        if (result == ImportReport.Result.ADDED || result == ImportReport.Result.REPLACED) {
            change.page(
                    project, page.json, new ProjectState(page.serial, null, page.sha256, taken, null, Origin.IMPORT));
        }
        settle(
                project,
                entry,
                result == ImportReport.Result.KEPT && state != null ? state.serial() : page.serial,
                change);
        if (result != ImportReport.Result.KEPT) {
            addBeside(candidate, change);
        }
        return result;
    }

    private static @Nullable ListEntry newer(@Nullable ListEntry theirs, @Nullable ListEntry ours) {
        if (theirs == null || ours == null) {
            return theirs == null ? ours : theirs;
        }
        boolean oursIsNewer = ours.serial().isPresent()
                && (theirs.serial().isEmpty()
                        || ours.serial().getAsLong() > theirs.serial().getAsLong());
        return oursIsNewer ? ours : theirs;
    }

    /** There is no page that could be taken: it is to be fetched, and the project is not absent until it was. */
    private ImportReport.Result lacking(
            Candidate candidate, @Nullable ListEntry entry, @Nullable ProjectState state, Change change)
            throws StoreException {
        boolean isDue = entry != null && (state == null || isBehind(state.serial(), entry));
        if (entry != null && isDue && (fresh || live.task(candidate.project) == null)) {
            Task.Reason reason = state == null ? Task.Reason.NEW : Task.Reason.CHANGED;
            change.task(new Task(candidate.project, reason, entry, 0, null, taken, null));
        }
        if (!candidate.problems.isEmpty()) {
            return ImportReport.Result.REFUSED;
        }
        return state == null ? ImportReport.Result.MISSING : ImportReport.Result.KEPT;
    }

    private ImportReport.Result compare(Candidate.PageBytes page, @Nullable ProjectState state) {
        if (state == null) {
            return ImportReport.Result.ADDED;
        }
        if (state.sha256().equals(page.sha256)) {
            return ImportReport.Result.UNCHANGED;
        }
        boolean oursIsNewer;
        if (state.serial().isPresent() && page.serial.isPresent()) {
            long ours = state.serial().getAsLong();
            long theirs = page.serial.getAsLong();
            // of two pages with one serial, the index's own lacks nothing
            oursIsNewer = ours > theirs || (ours == theirs && state.origin() != Origin.IMPORT);
        } else {
            oursIsNewer = !hasAge || state.fetchedAt().isAfter(taken);
        }
        return oursIsNewer ? ImportReport.Result.KEPT : ImportReport.Result.REPLACED;
    }

    /** A page behind its entry is to be fetched; one that is not is no longer. */
    private void settle(String project, @Nullable ListEntry entry, OptionalLong serial, Change change)
            throws StoreException {
        if (entry != null && isBehind(serial, entry)) {
            change.task(new Task(project, Task.Reason.CHANGED, entry, 0, null, taken, null));
        } else if (!fresh) {
            Task known = live.task(project);
            if (known != null
                    && known.target().isPresent()
                    && serial.isPresent()
                    && serial.getAsLong() >= known.target().getAsLong()) {
                change.done(project);
            }
        }
    }

    private static boolean isBehind(OptionalLong serial, ListEntry entry) {
        return entry.serial().isPresent()
                && (serial.isEmpty() || serial.getAsLong() < entry.serial().getAsLong());
    }

    private void addBeside(Candidate candidate, Change change) throws StoreException {
        String project = candidate.project;
        byte[] document = candidate.document;
        if (document != null && (fresh || !Arrays.equals(document, live.document(project)))) {
            change.document(project, document);
            documents++;
        }
        for (Candidate.Attestations each : candidate.provenance) {
            if (fresh || !Arrays.equals(each.json, live.provenance(project, each.version, each.filename))) {
                change.provenance(project, each.version, each.filename, each.json);
            }
        }
        for (Candidate.KeptFile kept : candidate.files) {
            if (fresh || !kept.file().equals(live.file(kept.path()))) {
                change.file(kept.path(), kept.file());
                files++;
            }
        }
    }

    /** Why the store does not agree with the source's list now; "" if it does. */
    String doubt() throws StoreException {
        if (!hasAge) {
            return "the source does not say how old it is";
        }
        if (older) {
            return "the store is younger than the source";
        }
        long[] others = {0};
        if (!fresh) {
            live.forEachListed(entry -> others[0] += listed.contains(entry.project()) ? 0 : 1);
        }
        return others[0] == 0 ? "" : "the source does not list " + others[0] + " projects of the store";
    }

    ImportReport report(@Nullable Instant age, long generation, boolean confirmed, String note, Duration took) {
        return new ImportReport(
                age,
                Map.copyOf(results),
                List.copyOf(problems),
                problemCount,
                documents,
                files,
                generation,
                confirmed,
                note,
                took);
    }
}
