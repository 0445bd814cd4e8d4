package dev.detour.mirror.publish;

import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.OptionalLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A store that is written and published, and the hands of its clock. */
final class Edition implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    final Path web;
    final MirrorStore store;
    final TurnedClock clock = new TurnedClock();
    Publication.Settings settings = new Publication.Settings(2, Duration.ofHours(1), Duration.ofHours(6));

    static final class TurnedClock extends Clock {
        private Instant now = NOON;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    Edition(Path directory) throws StoreException {
        this.web = directory.resolve("web");
        this.store = MirrorStore.open(directory.resolve("store"), StoreSettings.defaults(), clock);
    }

    static byte[] page(String project, long serial) {
        return ("{\"files\":[],\"meta\":{\"_last-serial\":" + serial + ",\"api-version\":\"1.4\"},\"name\":\"" + project
                        + "\",\"versions\":[]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static ProjectState state(byte[] page, long serial) {
        return new ProjectState(OptionalLong.of(serial), null, Sha256.hex(page), NOON, null, Origin.SYNC);
    }

    void put(String project, long serial) throws StoreException {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("_last-serial", serial).put("api-version", "1.4");
        byte[] page = page(project, serial);
        try (Change change = store.change()) {
            change.listHead(head)
                    .page(project, page, state(page, serial))
                    .listed(new ListEntry(
                            project,
                            OptionalLong.of(serial),
                            "{\"_last-serial\":" + serial + ",\"name\":\"" + project + "\"}"))
                    .commit();
        }
    }

    Publication publication() {
        return new Publication(web, store.key(), settings, clock);
    }

    /** Seals what was put, as of now, and publishes it. */
    Publication.Outcome publish() throws StoreException {
        store.seal(clock.instant());
        return publishCurrent();
    }

    Publication.Outcome publishCurrent() throws StoreException {
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            return publication().publish(lease.generation(), store.files());
        }
    }

    /** Publishes one project more, a minute later. */
    Publication.Outcome publishWith(String project, long serial) throws StoreException {
        clock.pass(Duration.ofMinutes(1));
        put(project, serial);
        return publish();
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
