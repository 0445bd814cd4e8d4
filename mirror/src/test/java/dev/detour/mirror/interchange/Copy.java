package dev.detour.mirror.interchange;

import dev.detour.config.MirrorConfig;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.store.Change;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.ListEntry;
import dev.detour.mirror.store.MirrorStore;
import dev.detour.mirror.store.Origin;
import dev.detour.mirror.store.ProjectState;
import dev.detour.mirror.store.Sha256;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreMirror;
import dev.detour.mirror.store.StoreSettings;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tree.TreeMirror;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A store, and what it and trees answer, an hour after {@link #TAKEN}. */
final class Copy implements AutoCloseable {
    static final String JSON = "application/vnd.pypi.simple.v1+json";
    static final Instant TAKEN = Instant.parse("2026-03-04T05:06:07Z");
    static final String TAKEN_IN_TREE = "20260304T05:06:07\n";
    private static final Clock CLOCK = Clock.fixed(TAKEN.plusSeconds(3600), ZoneOffset.UTC);

    final MirrorStore store;

    Copy(Path directory) throws StoreException {
        this.store = MirrorStore.open(directory, StoreSettings.defaults(), CLOCK);
    }

    static ObjectNode head(long serial) {
        ObjectNode head = JsonNodeFactory.instance.objectNode();
        head.putObject("meta").put("_last-serial", serial).put("api-version", "1.4");
        return head;
    }

    /** An empty page. */
    static String page(String project, long serial) {
        return page(project, serial, "");
    }

    /** A page with these file objects. */
    static String page(String project, long serial, String files) {
        return "{\"files\":[" + files + "],\"meta\":{\"_last-serial\":" + serial
                + ",\"api-version\":\"1.4\"},\"name\":\""
                + project + "\",\"project-status\":{\"status\":\"active\"},\"versions\":["
                + (files.isEmpty() ? "" : "\"1.0\"") + "]}\n";
    }

    static String file(String filename, String url, String more) {
        return "{\"filename\":\"" + filename + "\",\"hashes\":{\"sha256\":\"" + "0".repeat(64) + "\"}" + more
                + ",\"url\":\"" + url + "\"}";
    }

    void put(String project, long serial, byte[] page, Origin origin) throws StoreException {
        try (Change change = store.change()) {
            change.listHead(head(serial))
                    .page(
                            project,
                            page,
                            new ProjectState(OptionalLong.of(serial), null, Sha256.hex(page), TAKEN, null, origin))
                    .listed(new ListEntry(
                            project,
                            OptionalLong.of(serial),
                            "{\"_last-serial\":" + serial + ",\"name\":\"" + project + "\"}"))
                    .commit();
        }
    }

    void put(String project, long serial, String page, Origin origin) throws StoreException {
        put(project, serial, page.getBytes(StandardCharsets.UTF_8), origin);
    }

    ImportReport imported(Path from) throws IOException, InterruptedException {
        return new Import(store, Import.Settings.defaults(), (project, page) -> List.of(), ImportObserver.NONE)
                .run(from);
    }

    ExportReport export(Path into, boolean hashIndex) throws IOException, InterruptedException {
        return export(into, hashIndex, Withdrawn.NOTHING);
    }

    ExportReport export(Path into, boolean hashIndex, Withdrawn withdrawn) throws IOException, InterruptedException {
        try (Generation.Lease lease = Objects.requireNonNull(store.generations().current())) {
            return new Export(lease.generation(), store.files(), withdrawn, hashIndex).into(into);
        }
    }

    Mirror mirror() {
        return new StoreMirror(
                "store",
                Duration.ofHours(24),
                store.generations(),
                store.files(),
                () -> Withdrawn.NOTHING,
                CLOCK,
                () -> null);
    }

    static Mirror tree(Path web) {
        return new TreeMirror(new MirrorConfig("tree", web, Duration.ofHours(24)), () -> Withdrawn.NOTHING, CLOCK);
    }

    static String text(Mirror mirror, MirrorResource resource, String accept) throws IOException {
        MirrorAnswer answer = mirror.answer(new MirrorRequest(resource, false, accept, null, null, null, null, null));
        if (!(answer instanceof MirrorAnswer.Found found)) {
            return answer.toString();
        }
        if (found.body() instanceof MirrorAnswer.Body.FileRange file) {
            return Files.readString(file.file());
        }
        return StandardCharsets.UTF_8
                .decode(((MirrorAnswer.Body.Bytes) found.body()).content().duplicate())
                .toString();
    }

    static String json(Mirror mirror, String project) throws IOException {
        return text(mirror, new MirrorResource.SimpleProject(project), JSON);
    }

    String served(String project) throws IOException {
        return json(mirror(), project);
    }

    static Path write(Path file, String content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, content);
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
