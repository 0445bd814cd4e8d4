package dev.detour.mirror.sync;

import dev.detour.mirror.page.CanonicalJson;
import dev.detour.mirror.page.HtmlList;
import dev.detour.mirror.page.PageFormatException;
import dev.detour.mirror.page.ProjectListReader;
import dev.detour.mirror.page.ProjectName;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks for the index's project list and turns what is new in it into tasks. A list that cannot be right changes nothing. The
 * list is read while it arrives; what is kept of it in memory is some 70 bytes a project.
 */
final class ListFetch {
    static final String TAG = "list-etag";

    private final MirrorStore store;
    private final IndexClient index;
    private final SyncSettings settings;

    /**
     * What came of it.
     *
     * @param listed projects in the list; 0 if it could not be had
     * @param serials whether the list tells which pages have changed
     * @param braked whether so many are missing that none is believed to be
     * @param problem why nothing, or not everything, was done about it, or null
     */
    record Result(
            long listed,
            boolean serials,
            boolean braked,
            @Nullable String problem) {
        static Result failed(String problem) {
            return new Result(0, true, false, problem);
        }
    }

    /** The list on its way. */
    private static final class Reading implements IndexClient.BodyReader {
        final Listing entries = new Listing();
        final @Nullable ObjectNode before;
        final @Nullable String usualForm;
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        SimpleForm form = SimpleForm.JSON;

        Reading(@Nullable ObjectNode before, @Nullable String usualForm) {
            this.before = before;
            this.usualForm = usualForm;
        }

        @Override
        public void read(InputStream body, String contentType) throws IOException {
            form = SimpleForm.of(contentType);
            form.expectAsBefore(usualForm);
            if (form == SimpleForm.JSON) {
                head = ProjectListReader.read(body, entries::add);
            } else {
                head.putObject("meta").put("api-version", "1.0");
                for (String name : HtmlList.names(body.readAllBytes())) {
                    addHtml(name);
                }
            }
            entries.order();
        }

        private void addHtml(String name) {
            String project = ProjectName.normalise(name);
            if (project != null) {
                ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
                String json = new String(CanonicalJson.write(entry), StandardCharsets.UTF_8).strip();
                entries.add(project, OptionalLong.empty(), json);
            }
        }
    }

    ListFetch(MirrorStore store, IndexClient index, SyncSettings settings) {
        this.store = store;
        this.index = index;
        this.settings = settings;
    }

    private static OptionalLong serialOf(@Nullable ObjectNode head) {
        JsonNode serial = head == null ? null : head.path("meta").path("_last-serial");
        return serial != null && serial.isIntegralNumber() ? OptionalLong.of(serial.longValue()) : OptionalLong.empty();
    }

    Result fetch(Instant now) throws StoreException, InterruptedException {
        ObjectNode before = store.live().listHead();
        Reading reading = new Reading(before, store.live().note(SimpleForm.NOTE));
        try {
            IndexAnswer answer = index.list(before == null ? null : store.live().note(TAG), reading);
            if (answer instanceof IndexAnswer.NotModified && before != null) {
                return unchanged(now);
            }
            if (answer instanceof IndexAnswer.Found found) {
                return apply(reading, found.etag(), now);
            }
            return Result.failed("the project list could not be had: "
                    + (answer instanceof IndexAnswer.Failed failed
                            ? failed.detail()
                            : answer instanceof IndexAnswer.Gone gone ? "answered " + gone.status() : "304"));
        } catch (PageFormatException e) {
            return Result.failed("the project list is none: " + e.getMessage());
        }
    }

    private Result apply(Reading list, @Nullable String etag, Instant now) throws StoreException {
        OptionalLong serial = serialOf(list.head);
        OptionalLong earlier = serialOf(list.before);
        if (serial.isPresent() && earlier.isPresent() && serial.getAsLong() < earlier.getAsLong()) {
            return Result.failed("the project list has serial " + serial.getAsLong() + " (expected: "
                    + earlier.getAsLong() + " or later): a stale replica");
        }
        boolean serials = list.entries.hasSerials();
        boolean reread =
                !serials || (list.before != null && !version(list.before).equals(version(list.head)));
        ListDiff diff = ListDiff.of(store.live(), list.entries, reread, settings.brakeProjects());
        if (list.entries.size() == 0) {
            return Result.failed("the project list is empty (expected: "
                    + (diff.known() == 0 ? "at least one project" : "about " + diff.known() + " projects") + ")");
        }
        long brake = settings.brake(diff.known());
        boolean braked = diff.missing() > brake;
        diff.write(store, !braked, now);
        try (Change change = store.change()) {
            if (!list.head.equals(list.before)) {
                change.listHead(list.head);
            }
            // a list that is not believed is asked for again, whole
            change.note(TAG, etag == null || braked ? "" : etag);
            change.note(SimpleForm.NOTE, list.form.name()).commit();
        }
        return new Result(
                list.entries.size(),
                serials,
                braked,
                braked
                        ? "the project list lacks " + diff.missing() + " of " + diff.known() + " projects (limit: "
                                + brake + "); none is removed"
                        : null);
    }

    private static String version(ObjectNode head) {
        return head.path("meta").path("api-version").asString("1.0");
    }

    private Result unchanged(Instant now) throws StoreException {
        long[] counts = new long[2];
        store.live().forEachListed(entry -> {
            counts[0]++;
            counts[1] += entry.serial().isPresent() ? 1 : 0;
        });
        boolean serials = counts[1] > 0;
        if (!serials) {
            // the list says nothing about pages, then
            Listing listing = new Listing();
            store.live().forEachListed((ListEntry entry) -> listing.add(entry.project(), entry.serial(), entry.json()));
            ListDiff.of(store.live(), listing, true, 0).write(store, false, now);
        }
        return new Result(counts[0], serials, false, null);
    }
}
