package dev.detour.mirror.sync;

import dev.detour.mirror.page.BlankedPage;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlPage;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fetches the page of one project and decides what it proves. A failure proves nothing; a page that is earlier than the one
 * kept is a stale replica's; a project that is gone, or has lost all its files, is so when it has been seen twice.
 */
final class PageFetch {
    /** Between two sightings of what would take something away. */
    static final Duration CONFIRMATION = Duration.ofMinutes(10);

    /** What a task says of a sighting that waits for its second; anything seen in between begins it anew. */
    private static final String GONE = "neither listed nor there";

    private static final String EMPTIED = "its page has lost all files, and no status says why";

    private final MirrorStore store;
    private final IndexClient index;
    private final PageRule rule;
    private final Attachments attachments;
    private final Clock clock;

    /**
     * What came of it.
     *
     * @param retryAt when it is to be tried again, or null if it is settled
     */
    record Result(Outcome outcome, String detail, @Nullable Instant retryAt) {
        static Result settled(Outcome outcome) {
            return new Result(outcome, "", null);
        }
    }

    PageFetch(MirrorStore store, IndexClient index, PageRule rule, Attachments attachments, Clock clock) {
        this.store = store;
        this.index = index;
        this.rule = rule;
        this.attachments = attachments;
        this.clock = clock;
    }

    Result fetch(Task task) throws StoreException, InterruptedException {
        StoreView live = store.live();
        ProjectState state = live.state(task.project());
        // a second try wants the whole page: a stale replica may agree with the tag, and attachments come with the page
        IndexAnswer answer = index.project(task.project(), state == null || task.attempts() > 0 ? null : state.etag());
        if (answer instanceof IndexAnswer.Found found) {
            return found(task, state, found);
        }
        if (answer instanceof IndexAnswer.NotModified && state != null) {
            return notModified(task, state);
        }
        if (answer instanceof IndexAnswer.Gone gone) {
            return gone(task, state, gone.status());
        }
        String detail =
                answer instanceof IndexAnswer.Failed failed ? failed.detail() : "304 to a request without a tag";
        return later(task, Outcome.FAILED, detail);
    }

    /** Leaves a task for another time. */
    Result later(Task task, Outcome outcome, String detail) throws StoreException {
        Task again = Retry.later(task, clock.instant(), detail);
        put(again);
        return new Result(outcome, detail, again.notBefore());
    }

    private void put(Task task) throws StoreException {
        try (Change change = store.change()) {
            change.task(task).commit();
        }
    }

    private Result notModified(Task task, ProjectState state) throws StoreException {
        if (task.target().isPresent()
                && state.serial().isPresent()
                && state.serial().getAsLong() < task.target().getAsLong()) {
            return stale(task, state.serial().getAsLong());
        }
        try (Change change = store.change()) {
            change.state(task.project(), state.seen(clock.instant()));
            return settle(change, task).over(task.project(), state).tryCommit()
                    ? Result.settled(Outcome.UNCHANGED)
                    : overtaken(task);
        }
    }

    /** What was decided on is not there any more: it is decided anew. */
    private Result overtaken(Task task) throws StoreException {
        return later(task, Outcome.STALE, "another page was taken meanwhile");
    }

    /** The list says what the page proves; a project that is not listed stays unlisted. */
    private Change settle(Change change, Task task) throws StoreException {
        ListEntry listed = store.live().listed(task.project());
        if (task.entry() != null && !task.entry().equals(listed)) {
            change.listed(task.entry());
        } else if (task.reason() == Task.Reason.MISSING && listed != null) {
            change.unlisted(task.project());
        }
        return change.done(task.project());
    }

    private Result stale(Task task, long serial) throws StoreException {
        return later(
                task,
                Outcome.STALE,
                "the index gave serial " + serial + " (expected: "
                        + (task.target().isPresent() ? task.target().getAsLong() : "the one kept") + " or later)");
    }

    private Result gone(Task task, @Nullable ProjectState state, int status) throws StoreException {
        String project = task.project();
        if (task.entry() != null) {
            return later(task, Outcome.FAILED, "the index lists it, and answered " + status);
        }
        if (state == null && store.live().listed(project) == null) {
            try (Change change = store.change()) {
                change.done(project).commit();
            }
            return Result.settled(Outcome.UNCHANGED);
        }
        if (task.reason() != Task.Reason.MISSING && store.live().listed(project) != null) {
            // the list decides who is gone, not one answer
            return later(task, Outcome.UNCONFIRMED, "the index answered " + status);
        }
        if (!isSecondSighting(task, GONE)) {
            return sighted(task, GONE);
        }
        try (Change change = store.change()) {
            return change.remove(project).done(project).over(project, state).tryCommit()
                    ? Result.settled(Outcome.REMOVED)
                    : overtaken(task);
        }
    }

    private boolean isSecondSighting(Task task, String what) {
        return what.equals(task.error())
                && !clock.instant().isBefore(task.since().plus(CONFIRMATION));
    }

    /** Notes what would take something away, for another look. */
    private Result sighted(Task task, String what) throws StoreException {
        Instant first = what.equals(task.error()) ? task.since() : clock.instant();
        Instant at = first.plus(CONFIRMATION);
        put(new Task(task.project(), task.reason(), task.entry(), task.attempts() + 1, at, first, what));
        return new Result(Outcome.UNCONFIRMED, what, at);
    }

    private Result found(Task task, @Nullable ProjectState state, IndexAnswer.Found found)
            throws StoreException, InterruptedException {
        ObjectNode root;
        ProjectPage page;
        try {
            root = read(task.project(), found);
            List<String> problems = rule.problems(task.project(), root);
            if (!problems.isEmpty()) {
                return later(task, Outcome.INVALID, problems.get(0) + more(problems.size() - 1));
            }
            page = new ProjectPage(root);
        } catch (PageFormatException e) {
            return later(task, Outcome.INVALID, String.valueOf(e.getMessage()));
        }
        OptionalLong serial = serial(page, found);
        if (isEarlier(serial, task, state)) {
            return state != null && holdsWhatIsListed(task, state)
                    ? newerIsKept(task, state)
                    : stale(task, serial.getAsLong());
        }
        byte[] kept = state == null ? null : store.live().page(task.project());
        if (kept != null && BlankedPage.is(root, kept) && !isSecondSighting(task, EMPTIED)) {
            return sighted(task, EMPTIED);
        }
        return take(task, state, found, page, root, serial, kept);
    }

    private static String more(int count) {
        return count == 0 ? "" : ", and " + count + " more";
    }

    private ObjectNode read(String project, IndexAnswer.Found found) throws StoreException {
        if (found.body().length == 0) {
            throw new PageFormatException("the page is empty (expected: a Simple page)");
        }
        SimpleForm form = SimpleForm.of(found.contentType());
        form.expectAsBefore(store.live().note(SimpleForm.NOTE));
        return form == SimpleForm.JSON
                ? CanonicalJson.readObject(found.body())
                : HtmlPage.read(found.body(), project, index.resolve("simple/" + project + "/"));
    }

    private static OptionalLong serial(ProjectPage page, IndexAnswer.Found found) {
        OptionalLong own = page.serial();
        return own.isPresent() || found.lastSerial() < 0 ? own : OptionalLong.of(found.lastSerial());
    }

    private static boolean isEarlier(OptionalLong serial, Task task, @Nullable ProjectState state) {
        if (serial.isEmpty()) {
            return false;
        }
        boolean beforeKept = state != null
                && state.serial().isPresent()
                && serial.getAsLong() < state.serial().getAsLong();
        return beforeKept
                || (task.target().isPresent()
                        && serial.getAsLong() < task.target().getAsLong());
    }

    /** Whether the page kept, which somebody was given by the index, is what the list names or later. */
    private static boolean holdsWhatIsListed(Task task, ProjectState state) {
        return task.reason() != Task.Reason.DIFFERENT
                && task.target().isPresent()
                && state.serial().isPresent()
                && state.serial().getAsLong() >= task.target().getAsLong();
    }

    private Result newerIsKept(Task task, ProjectState state) throws StoreException {
        try (Change change = store.change()) {
            return settle(change, task).over(task.project(), state).tryCommit()
                    ? Result.settled(Outcome.UNCHANGED)
                    : overtaken(task);
        }
    }

    private Result take(
            Task task,
            @Nullable ProjectState before,
            IndexAnswer.Found found,
            ProjectPage page,
            ObjectNode root,
            OptionalLong serial,
            byte @Nullable [] kept)
            throws StoreException, InterruptedException {
        byte[] json = page.json();
        Origin origin = task.reason() == Task.Reason.DIFFERENT ? Origin.AUDIT : Origin.SYNC;
        ProjectState state = new ProjectState(serial, found.etag(), Sha256.hex(json), clock.instant(), null, origin);
        try (Change change = store.change()) {
            Attachments.Lack lack = attachments.attach(change, task.project(), root);
            if (lack.broken() != null) {
                return later(task, Outcome.INVALID, lack.broken());
            }
            boolean same = Arrays.equals(kept, json);
            if (same) {
                change.state(task.project(), state);
            } else {
                change.page(task.project(), json, state);
            }
            settle(change, task);
            Result result = Result.settled(same ? Outcome.UNCHANGED : Outcome.TAKEN);
            if (lack.missing() != null) {
                // the page is worth having without them
                Task again = Retry.later(task, clock.instant(), lack.missing());
                change.task(again);
                result = new Result(Outcome.FAILED, lack.missing(), again.notBefore());
            }
            return change.over(task.project(), before).tryCommit() ? result : overtaken(task);
        }
    }
}
