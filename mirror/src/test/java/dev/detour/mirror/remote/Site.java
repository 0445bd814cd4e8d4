package dev.detour.mirror.remote;

import dev.detour.config.MirrorConfig;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.tombstone.Withdrawn;
import dev.detour.mirror.tree.TreeMirror;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A tree that is served by a web server, a mirror over the directory and one over the URL. */
final class Site implements AutoCloseable {
    static final String JSON = "application/vnd.pypi.simple.v1+json";
    static final Instant TAKEN = Instant.parse("2026-03-04T05:06:07Z");

    final Path root;
    final FileServer server;
    final UrlMirror remote;
    final TreeMirror local;
    volatile Withdrawn withdrawn = Withdrawn.NOTHING;
    private final AtomicLong nanos = new AtomicLong();
    private final TurnedClock clock = new TurnedClock();

    Site(Path root, String... projects) throws IOException {
        this.root = root;
        this.server = new FileServer(root);
        this.remote = new UrlMirror("far", server.uri(), Duration.ofHours(24), () -> withdrawn, clock, nanos::get);
        this.local = new TreeMirror(new MirrorConfig("far", root, Duration.ofHours(24)), () -> withdrawn, clock);
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

    void write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(TAKEN));
    }

    void turnClockTo(Instant now) {
        clock.now = now;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    static String golden(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(Site.class.getResourceAsStream("/golden/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static MirrorRequest request(MirrorResource resource, @Nullable String accept) {
        return new MirrorRequest(resource, false, accept, null, null, null, null, null);
    }

    MirrorAnswer get(MirrorResource resource, @Nullable String accept) {
        return remote.answer(request(resource, accept));
    }

    MirrorAnswer page(String project) {
        return get(new MirrorResource.SimpleProject(project), JSON);
    }

    String json(String project) {
        return text(page(project));
    }

    static MirrorAnswer.Found found(MirrorAnswer answer) {
        if (answer instanceof MirrorAnswer.Found found) {
            return found;
        }
        throw new AssertionError("not found: " + answer);
    }

    static String text(MirrorAnswer answer) {
        MirrorAnswer.Body body = found(answer).body();
        if (body instanceof MirrorAnswer.Body.Bytes bytes) {
            return StandardCharsets.UTF_8.decode(bytes.content().duplicate()).toString();
        }
        return body.toString();
    }

    static String unavailable(MirrorAnswer answer) {
        if (answer instanceof MirrorAnswer.Unavailable unavailable) {
            return unavailable.detail();
        }
        throw new AssertionError("not unavailable: " + answer);
    }

    @Override
    public void close() {
        remote.close();
        server.close();
    }
}
