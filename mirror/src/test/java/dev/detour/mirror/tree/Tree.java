package dev.detour.mirror.tree;

import dev.detour.config.MirrorConfig;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.tombstone.Tombstones;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A bandersnatch tree in the making, the mirror over it, and the hands of its clocks. */
final class Tree {
    static final String JSON = "application/vnd.pypi.simple.v1+json";
    static final Instant TAKEN = Instant.parse("2026-03-04T05:06:07Z");

    final Path root;
    final TreeMirror mirror;
    final Tombstones tombstones;
    private final TurnedClock clock = new TurnedClock();
    private final AtomicLong nanos = new AtomicLong();

    /** A fit tree that lists the given projects and has nothing else. */
    Tree(Path root, String... projects) throws IOException {
        this.root = root;
        this.tombstones = Tombstones.open(root.resolve("state"), clock);
        this.mirror = new TreeMirror(
                new MirrorConfig("local", root, Duration.ofHours(24)), tombstones::inForce, clock, nanos::get);
        write("last-modified", "20260304T05:06:07\n");
        list(projects);
    }

    private static final class TurnedClock extends Clock {
        private Instant now = TAKEN.plusSeconds(60);

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

    void list(String... projects) throws IOException {
        List<String> entries = List.of(projects).stream()
                .map(name -> "{\"name\":\"" + name + "\"}")
                .toList();
        write(
                "simple/index.v1_json",
                "{\"meta\":{\"_last-serial\":\"99\",\"api-version\":\"1.1\"},\"projects\":[" + String.join(",", entries)
                        + "]}");
    }

    Path write(String path, String content) throws IOException {
        return write(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    void touch(String path, Instant modified) throws IOException {
        Files.setLastModifiedTime(root.resolve(path), FileTime.from(modified));
    }

    /** Lets a time pass that is long enough for files to be looked at again. */
    void wait(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    void turnClockTo(Instant now) {
        clock.now = now;
        wait(Duration.ofSeconds(1));
    }

    MirrorAnswer get(MirrorResource resource) {
        return get(resource, null);
    }

    MirrorAnswer get(MirrorResource resource, @Nullable String accept) {
        return mirror.answer(new MirrorRequest(resource, false, accept, null, null, null, null, null));
    }

    MirrorAnswer.Found found(MirrorResource resource, @Nullable String accept) {
        return found(get(resource, accept));
    }

    static MirrorAnswer.Found found(MirrorAnswer answer) {
        if (answer instanceof MirrorAnswer.Found found) {
            return found;
        }
        throw new AssertionError("not found: " + answer);
    }

    String json(String project) {
        return text(get(new MirrorResource.SimpleProject(project), JSON));
    }

    String html(String project) {
        return text(get(new MirrorResource.SimpleProject(project), "text/html"));
    }

    static String text(MirrorAnswer answer) {
        MirrorAnswer.Body body = found(answer).body();
        if (body instanceof MirrorAnswer.Body.Bytes bytes) {
            ByteBuffer copy = bytes.content().duplicate();
            return StandardCharsets.UTF_8.decode(copy).toString();
        }
        throw new AssertionError("no bytes: " + body);
    }

    /** A page in bandersnatch's form with the given file objects. */
    static String page(String project, String... files) {
        return "{\"files\": [" + String.join(", ", files) + "], \"meta\": {\"_last-serial\": \"42\", \"api-version\": "
                + "\"1.1\"}, \"name\": \"" + project + "\", \"versions\": [\"1.0\"]}";
    }

    /** A file object with the given link and more keys, each beginning with a comma. */
    static String file(String filename, String url, String more) {
        return "{\"filename\": \"" + filename + "\", \"hashes\": {\"sha256\": \"ab\"}, \"url\": \"" + url + "\"" + more
                + "}";
    }
}
