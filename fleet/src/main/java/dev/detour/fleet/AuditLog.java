package dev.detour.fleet;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.ModeRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What operators changed and when: one JSON object a line, only ever appended to. The file is opened for each line, so that
 * it may be renamed away at any time, and several of these may append to it.
 */
public final class AuditLog {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Path path;

    /** The one in this state directory, which exists. */
    public AuditLog(Path directory) {
        this.path = directory.resolve("audit.log");
    }

    void set(Instant now, ModeRule rule) {
        append(Line.of(now, "mode-set", rule));
    }

    void ended(Instant now, ModeRule rule) {
        append(Line.of(now, "mode-ended", rule));
    }

    /**
     * Notes a drain, or its end.
     *
     * @param drain the wish; when it ends, {@code since} and {@code reason} are those of its end
     */
    void drained(Drain drain, boolean drained, long version) {
        append(new DrainLine(
                drain.since(),
                drained ? "drain-set" : "drain-ended",
                drain.backend(),
                drain.endpoint(),
                version,
                drain.reason()));
    }

    /**
     * Notes a tombstone, or its end.
     *
     * @param at when it was put or removed
     * @param target what is withheld, as it is written
     * @param by who did it, or null if they did not say
     * @param reason the one given when it was put
     */
    public void tombstone(Instant at, boolean put, String target, @Nullable String by, String reason) {
        append(new TombstoneLine(at, put ? "tombstone-set" : "tombstone-ended", target, by, reason));
    }

    /**
     * Notes what an operator had done with a mirror.
     *
     * @param event what was done: {@code mirror-sync}, {@code mirror-rollback} or {@code mirror-unpin}
     * @param generation that is served from now on, or null if it does not say
     */
    public void mirror(Instant at, String event, String mirror, @Nullable Long generation) {
        append(new MirrorLine(at, event, mirror, generation));
    }

    /** A change that is already durable is not undone because the note about it could not be written. */
    private void append(Record line) {
        String text = JSON.writeValueAsString(line);
        try {
            Files.write(
                    path,
                    (text + "\n").getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            log.error("cannot append to {}: {}; the line was: {}", path, StateException.reason(e), text);
        }
    }

    private record DrainLine(
            Instant at,
            String event,
            String backend,
            String endpoint,
            long version,
            @Nullable String reason) {}

    private record TombstoneLine(
            Instant at,
            String event,
            String target,
            @Nullable String by,
            String reason) {}

    private record MirrorLine(
            Instant at,
            String event,
            String mirror,
            @Nullable Long generation) {}

    private record Line(
            Instant at,
            String event,
            String mode,
            @Nullable String backend,
            @Nullable String route,
            @Nullable Instant until,
            @Nullable String message,
            @Nullable String reason) {

        static Line of(Instant at, String event, ModeRule rule) {
            return new Line(
                    at,
                    event,
                    rule.mode().label(),
                    rule.backend(),
                    rule.route(),
                    rule.until(),
                    rule.message(),
                    rule.reason());
        }
    }
}
