package dev.detour.mirror.capture;

import dev.detour.mirror.page.BlankedPage;
import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.PageRule;
import dev.detour.mirror.page.ProjectPage;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreView;
import dev.detour.mirror.store.Task;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides what a Simple page proves that passed by. It may come from a replica that lags, or from somebody's cache: so it is
 * taken only if it can be shown to be later than what is kept, and not earlier than what the index's list says. A project that
 * the list does not have is taken only if its page is later than the whole list: otherwise it may have been removed.
 */
final class PageCapture {
    private static final Set<String> TYPES = Set.of("application/vnd.pypi.simple.v1+json", "application/json");

    private final StoreView live;
    private final PageRule rule;

    PageCapture(StoreView live, PageRule rule) {
        this.live = live;
        this.rule = rule;
    }

    /**
     * What is to become of a page.
     *
     * @param body without content coding
     * @throws PageFormatException if it is no page of this project
     */
    Decision decide(CapturedAnswer answer, String project, byte[] body) throws StoreException {
        Received.requireType(answer, TYPES);
        ObjectNode root = CanonicalJson.readObject(body);
        Received.requireName(root.get("name"), project);
        List<String> problems = rule.problems(project, root);
        if (!problems.isEmpty()) {
            return Decision.not(CaptureOutcome.INVALID, problems.get(0) + more(problems.size() - 1));
        }
        ProjectPage page = new ProjectPage(root);
        OptionalLong serial = Received.serial(answer, page.serial());
        byte[] json = page.json();
        ProjectState state = live.state(project);
        byte[] kept = state == null ? null : live.page(project);
        if (Arrays.equals(kept, json)) {
            return Decision.unchanged().with(new Decision.Sample(kept, json, serial));
        }
        String doubt = doubt(answer, project, serial, state);
        if (doubt != null) {
            return Decision.not(CaptureOutcome.OLDER, doubt);
        }
        if (state == null && !belongsToTheCopy(project, serial)) {
            return Decision.not(CaptureOutcome.UNLISTED, "the index's list does not have it, and is not older");
        }
        if (kept != null && BlankedPage.is(root, kept)) {
            return Decision.not(CaptureOutcome.EMPTIED, "it has lost all files, and no status says why");
        }
        ProjectState next =
                new ProjectState(serial, answer.etag(), Sha256.hex(json), answer.at(), null, Origin.CAPTURE);
        return Decision.taken(change -> change.over(project, state).page(project, json, next))
                .with(new Decision.Sample(kept, json, serial));
    }

    private static String more(int count) {
        return count == 0 ? "" : ", and " + count + " more";
    }

    /** Why the page cannot be shown to be later than what is kept and listed, or null if it can. */
    private @Nullable String doubt(
            CapturedAnswer answer, String project, OptionalLong serial, @Nullable ProjectState state)
            throws StoreException {
        OptionalLong least = state == null ? OptionalLong.empty() : state.serial();
        if (least.isPresent() && serial.isEmpty()) {
            return "it has no serial (expected: " + least.getAsLong() + " or later)";
        }
        ListEntry entry = entry(project);
        if (entry != null && entry.serial().isPresent()) {
            least = OptionalLong.of(Math.max(least.orElse(0), entry.serial().getAsLong()));
        }
        if (serial.isPresent() && least.isPresent() && serial.getAsLong() < least.getAsLong()) {
            return "it has serial " + serial.getAsLong() + " (expected: " + least.getAsLong() + " or later)";
        }
        boolean fetchedLater =
                state != null && state.serial().equals(serial) && answer.at().isBefore(state.fetchedAt());
        return fetchedLater ? "what is kept was fetched later" : null;
    }

    /** What the newest list says that is known, taken or not. */
    private @Nullable ListEntry entry(String project) throws StoreException {
        Task task = live.task(project);
        return task != null && task.entry() != null ? task.entry() : live.listed(project);
    }

    private boolean belongsToTheCopy(String project, OptionalLong serial) throws StoreException {
        ObjectNode list = live.listHead();
        if (list == null || entry(project) != null) {
            return true;
        }
        JsonNode newest = list.path("meta").path("_last-serial");
        return serial.isPresent() && newest.isIntegralNumber() && serial.getAsLong() > newest.longValue();
    }
}
