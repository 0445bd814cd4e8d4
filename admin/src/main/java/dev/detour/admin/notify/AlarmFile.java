package dev.detour.admin.notify;

import dev.detour.health.finding.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file in which the book of alarms outlives a restart: replaced as a whole, and open to its owner only. */
final class AlarmFile {
    private static final Logger log = LoggerFactory.getLogger(AlarmFile.class);
    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final Path path;

    AlarmFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    private record Content(int version, List<AlarmBook.Entry> alarms) {}

    /**
     * What was kept; nothing if there is no file, or if it makes no sense: then it is renamed for somebody to look at.
     *
     * @throws IOException if it cannot be read or renamed, with one line that names it
     */
    List<AlarmBook.Entry> read(Instant now) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException absent) {
            return List.of();
        } catch (IOException e) {
            throw new IOException("cannot read the alarms told so far in " + path + ": " + e, e);
        }
        try {
            Content content = JSON.readValue(bytes, Content.class);
            check(content);
            return content.alarms();
        } catch (JacksonException e) {
            setAside(now, e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            setAside(now, String.valueOf(e.getMessage()));
        }
        return List.of();
    }

    /** JSON can leave out, or say null, where the records promise something. */
    @SuppressWarnings("ConstantValue")
    private static void check(Content content) {
        if (content == null || content.version() != VERSION || content.alarms() == null) {
            throw new IllegalArgumentException("no alarms of version " + VERSION);
        }
        for (AlarmBook.Entry entry : content.alarms()) {
            if (entry == null || entry.alarm() == null || entry.told() == null || !isWhole(entry.alarm())) {
                throw new IllegalArgumentException("an alarm is not whole");
            }
            for (Map.Entry<String, Told> told : entry.told().entrySet()) {
                if (told.getValue() == null
                        || told.getValue().severity() == null
                        || told.getValue().at() == null) {
                    throw new IllegalArgumentException(
                            "what was told to " + Alarm.clean(told.getKey()) + " is not whole");
                }
            }
        }
    }

    @SuppressWarnings("ConstantValue")
    private static boolean isWhole(Alarm alarm) {
        Severity severity = alarm.severity();
        return alarm.key() != null
                && alarm.rule() != null
                && severity != null
                && alarm.source() != null
                && alarm.place() != null
                && alarm.text() != null
                && alarm.since() != null;
    }

    private void setAside(Instant now, String reason) throws IOException {
        // no colons: they are awkward in shells and not allowed in names on some file systems
        Path aside = path.resolveSibling(
                path.getFileName() + ".corrupt-" + now.toString().replace(":", ""));
        try {
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IOException("cannot set aside the damaged " + path + ": " + e, e);
        }
        log.error(
                "{} is damaged and was kept as {}; alarms that last are told again, and the end of others is not: {}",
                path,
                aside,
                Alarm.clean(reason));
    }

    /** Replaces what was kept; after a crash the whole old or the whole new content is there. */
    void write(List<AlarmBook.Entry> entries) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(new Content(VERSION, entries));
        Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
        // not reused: what somebody else put there may have another mode
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode())) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private FileAttribute<?>[] mode() {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
