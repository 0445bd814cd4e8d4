package dev.detour.fleet;

import dev.detour.config.mode.Mode;
import dev.detour.config.mode.ModeRule;
import dev.detour.config.mode.Modes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The mode rules on disk: {@code {"version": 1, "rules": [{"mode": "read-only", "since": "…", …}]}}.
 *
 * <p>A reader finds the whole old or the whole new content whatever happens in between: the content goes to a temporary
 * file in the same directory, is flushed to the medium, renamed over the old file, and the directory is flushed too,
 * because without that a power cut can undo the rename.
 */
final class ModeFile {
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Path directory;
    private final Path path;

    ModeFile(Path directory) {
        this.directory = directory;
        this.path = directory.resolve("mode.json");
    }

    Path path() {
        return path;
    }

    /**
     * The rules in the file; none if there is no file.
     *
     * @throws IOException if the file cannot be read
     * @throws DamagedException if it was read and makes no sense
     */
    Modes read() throws IOException, DamagedException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException absent) {
            return Modes.NONE;
        }
        try {
            Content content = JSON.readValue(bytes, Content.class);
            if (content == null) {
                throw new DamagedException("it is null (expected: an object)");
            }
            return content.toModes();
        } catch (JacksonException e) {
            throw new DamagedException(e.getOriginalMessage());
        }
    }

    /**
     * Makes {@code modes} durable.
     *
     * @throws IOException if that failed; the old content is then still there, save when only the last step failed, the
     *     flush of the directory: then the next start may find either
     */
    void write(Modes modes) throws IOException {
        List<Rule> rules = modes.rules().stream().map(Rule::of).toList();
        byte[] bytes = JSON.writeValueAsBytes(new Content(VERSION, rules));
        // One fixed name: what a crash leaves behind is overwritten by the next change instead of piling up.
        Path temporary = directory.resolve("mode.json.tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Renames the file so that it can be looked at later, and returns its new path. */
    Path setAside(Instant now) throws IOException {
        // No colons: they are awkward in shells and not allowed in names on some file systems.
        Path aside = directory.resolve("mode.json.corrupt-" + now.toString().replace(":", ""));
        return Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The file was read and is not what this program writes. */
    static final class DamagedException extends Exception {
        DamagedException(String message) {
            super(message);
        }
    }

    /** Jackson leaves a component null when its key is absent, whatever the type says. */
    private record Content(int version, @Nullable List<@Nullable Rule> rules) {
        Modes toModes() throws DamagedException {
            if (version != VERSION) {
                throw new DamagedException("version: " + version + " (expected: " + VERSION + ")");
            }
            if (rules == null) {
                throw new DamagedException("rules: missing (expected: a list)");
            }
            Modes modes = Modes.NONE;
            for (Rule rule : rules) {
                if (rule == null) {
                    throw new DamagedException("rules: null entry (expected: an object)");
                }
                modes = modes.with(rule.toModeRule());
            }
            return modes;
        }
    }

    private record Rule(
            @Nullable String mode,
            @Nullable String backend,
            @Nullable String route,
            @Nullable String message,
            @Nullable Instant until,
            @Nullable String reason,
            @Nullable Instant since) {

        static Rule of(ModeRule rule) {
            return new Rule(
                    rule.mode().label(),
                    rule.backend(),
                    rule.route(),
                    rule.message(),
                    rule.until(),
                    rule.reason(),
                    rule.since());
        }

        ModeRule toModeRule() throws DamagedException {
            if (since == null) {
                throw new DamagedException("since: missing (expected: an instant)");
            }
            Mode known = Mode.ofLabel(mode);
            if (known == null) {
                throw new DamagedException("mode: " + mode + " (expected: one of " + Mode.labels() + ")");
            }
            return new ModeRule(known, backend, route, message, until, reason, since);
        }
    }
}
