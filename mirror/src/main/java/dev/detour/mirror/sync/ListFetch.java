package dev.detour.mirror.sync;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectListReader;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.Task;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Asks for the index's project list and turns what is new in it into tasks. A list that cannot be right changes nothing. */
final class ListFetch {
    static final String TAG = "list-etag";
    private static final String JSON = "application/vnd.pypi.simple.v1+json";

    private final MirrorStore store;
    private final IndexClient index;
    private final HtmlReader html;
    private final SyncSettings settings;

    /**
     * What came of it.
     *
     * @param listed projects in the list; 0 if it could not be had
     * @param problem why nothing, or not everything, was done about it, or null
     */
    record Result(long listed, @Nullable String problem) {
        static Result failed(String problem) {
            return new Result(0, problem);
        }
    }

    private record Listing(ObjectNode head, List<ListEntry> entries) {
        OptionalLong serial() {
            return serialOf(head);
        }
    }

    ListFetch(MirrorStore store, IndexClient index, HtmlReader html, SyncSettings settings) {
        this.store = store;
        this.index = index;
        this.html = html;
        this.settings = settings;
    }

    private static OptionalLong serialOf(@Nullable ObjectNode head) {
        JsonNode serial = head == null ? null : head.path("meta").path("_last-serial");
        return serial != null && serial.isIntegralNumber() ? OptionalLong.of(serial.longValue()) : OptionalLong.empty();
    }

    Result fetch(Instant now) throws StoreException, InterruptedException {
        ObjectNode before = store.live().listHead();
        IndexAnswer answer = index.list(before == null ? null : store.live().note(TAG));
        if (answer instanceof IndexAnswer.NotModified && before != null) {
            return unchanged(before, now);
        }
        if (!(answer instanceof IndexAnswer.Found found)) {
            return Result.failed("the project list could not be had: "
                    + (answer instanceof IndexAnswer.Failed failed
                            ? failed.detail()
                            : answer instanceof IndexAnswer.Gone gone ? "answered " + gone.status() : "304"));
        }
        try {
            return apply(read(found), before, found.etag(), now);
        } catch (PageFormatException e) {
            return Result.failed("the project list is none: " + e.getMessage());
        }
    }

    private Listing read(IndexAnswer.Found found) {
        // by name, since a list may hold a project in two spellings
        Map<String, ListEntry> entries = new LinkedHashMap<>();
        ObjectNode head;
        if (found.contentType().equals(JSON) || found.contentType().equals("application/json")) {
            head = ProjectListReader.read(
                    new ByteArrayInputStream(found.body()),
                    (project, serial, json) -> entries.put(project, new ListEntry(project, serial, json)));
        } else if (found.contentType().equals("text/html")) {
            head = JsonNodeFactory.instance.objectNode();
            head.putObject("meta").put("api-version", "1.0");
            for (String name : html.list(found.body())) {
                addHtml(name, entries);
            }
        } else {
            throw new PageFormatException(
                    "Content-Type is '" + found.contentType() + "' (expected: " + JSON + " or text/html)");
        }
        List<ListEntry> sorted = new ArrayList<>(entries.values());
        sorted.sort(Comparator.comparing(ListEntry::project));
        return new Listing(head, sorted);
    }

    private static void addHtml(String name, Map<String, ListEntry> entries) {
        String project = ProjectName.normalise(name);
        if (project != null) {
            ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
            String json = new String(CanonicalJson.write(entry), StandardCharsets.UTF_8).strip();
            entries.put(project, new ListEntry(project, OptionalLong.empty(), json));
        }
    }

    private Result apply(Listing list, @Nullable ObjectNode before, @Nullable String etag, Instant now)
            throws StoreException {
        long known = count();
        if (list.entries().isEmpty() && known > 0) {
            return Result.failed("the project list is empty (expected: about " + known + " projects)");
        }
        OptionalLong serial = list.serial();
        OptionalLong earlier = serialOf(before);
        if (serial.isPresent() && earlier.isPresent() && serial.getAsLong() < earlier.getAsLong()) {
            return Result.failed("the project list has serial " + serial.getAsLong() + " (expected: "
                    + earlier.getAsLong() + " or later): a stale replica");
        }
        boolean hasSerials =
                list.entries().stream().anyMatch(entry -> entry.serial().isPresent());
        boolean reread = !hasSerials || (before != null && !version(before).equals(version(list.head())));
        long brake = settings.brake(known);
        long missing = ListDiff.write(store, list.entries(), brake, reread, now);
        boolean braked = missing > brake;
        try (Change change = store.change()) {
            if (!list.head().equals(before)) {
                change.listHead(list.head());
            }
            // a list that is not believed is asked for again, whole
            change.note(TAG, etag == null || braked ? "" : etag).commit();
        }
        rereadTheOldest(now);
        return new Result(
                list.entries().size(),
                braked
                        ? "the project list lacks " + missing + " of " + known + " projects (limit: " + brake
                                + "); none is removed"
                        : null);
    }

    private long count() throws StoreException {
        long[] count = new long[1];
        store.live().forEachListed(entry -> count[0]++);
        return count[0];
    }

    private static String version(ObjectNode head) {
        return head.path("meta").path("api-version").asString("1.0");
    }

    private Result unchanged(ObjectNode head, Instant now) throws StoreException {
        List<ListEntry> entries = new ArrayList<>();
        store.live().forEachListed(entries::add);
        if (serialOf(head).isEmpty()) {
            // without serials the list says nothing about pages
            ListDiff.write(store, entries, Long.MAX_VALUE, true, now);
        }
        rereadTheOldest(now);
        return new Result(entries.size(), null);
    }

    /** Pages that nobody has compared with the index's for too long. */
    private void rereadTheOldest(Instant now) throws StoreException {
        Instant oldest =
                now.minus(settings.readAll().compareTo(Duration.ZERO) > 0 ? settings.readAll() : Duration.ofDays(3650));
        List<String> due = new ArrayList<>();
        store.live().forEachState((project, state) -> {
            Instant audited = state.auditedAt();
            if (state.fetchedAt().isBefore(oldest) && (audited == null || audited.isBefore(oldest))) {
                due.add(project);
            }
        });
        try (Change change = store.change()) {
            for (String project : due) {
                ListEntry entry = store.live().listed(project);
                if (entry != null && store.live().task(project) == null) {
                    change.task(new Task(project, Task.Reason.REREAD, entry, 0, null, now, null));
                }
            }
            change.commit();
        }
    }
}
