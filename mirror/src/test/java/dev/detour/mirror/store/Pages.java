package dev.detour.mirror.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Small pages for tests of the store. */
final class Pages {
    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    private Pages() {}

    static byte[] page(String project, long serial) {
        return ("{\"files\":[],\"meta\":{\"_last-serial\":" + serial + ",\"api-version\":\"1.4\"},\"name\":\"" + project
                        + "\",\"project-status\":{\"status\":\"active\"},\"versions\":[]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static ProjectState state(byte[] page, long serial) {
        return new ProjectState(OptionalLong.of(serial), "\"tag\"", Sha256.hex(page), NOON, null, Origin.SYNC);
    }

    static ListEntry entry(String project, long serial) {
        return new ListEntry(
                project, OptionalLong.of(serial), "{\"_last-serial\":" + serial + ",\"name\":\"" + project + "\"}");
    }

    static ObjectNode head(long serial) {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("_last-serial", serial).put("api-version", "1.4");
        return head;
    }

    /** Page, state and entry of one project in one change. */
    static void put(MirrorStore store, String project, long serial) throws StoreException {
        byte[] page = page(project, serial);
        try (Change change = store.change()) {
            change.listHead(head(serial))
                    .page(project, page, state(page, serial))
                    .listed(entry(project, serial))
                    .commit();
        }
    }
}
