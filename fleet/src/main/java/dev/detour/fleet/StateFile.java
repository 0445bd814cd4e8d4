package dev.detour.fleet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One small JSON file that is replaced as a whole.
 *
 * <p>A reader finds the whole old or the whole new content whatever happens in between: the content goes to a temporary
 * file in the same directory, is flushed to the medium, renamed over the old file, and the directory is flushed too,
 * because without that a power cut can undo the rename.
 *
 * @param <T> what the program works with
 * @param <C> its JSON
 */
final class StateFile<T, C> {
    private static final Logger log = LoggerFactory.getLogger(StateFile.class);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Path directory;
    private final Path path;
    private final Class<C> type;
    private final Function<T, C> encoder;
    private final Decoder<C, T> decoder;

    StateFile(Path directory, String name, Class<C> type, Function<T, C> encoder, Decoder<C, T> decoder) {
        this.directory = directory;
        this.path = directory.resolve(name);
        this.type = type;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /** Finds the meaning of JSON that has the right keys. */
    @FunctionalInterface
    interface Decoder<C, T> {
        T decode(C content) throws DamagedException;
    }

    /** The file was read and is not what this program writes. */
    static final class DamagedException extends Exception {
        DamagedException(String message) {
            super(message);
        }
    }

    /**
     * What was found at the start.
     *
     * @param value the content; null if there was no file or it made no sense
     * @param setAside where a file that made no sense was put, or null
     */
    record Found<T>(@Nullable T value, @Nullable Path setAside) {}

    /**
     * Reads the file; one that makes no sense is renamed, so that it can be looked at later.
     *
     * @param loss what the operator has to know if it makes no sense
     * @throws StateException if the file cannot be read, or cannot be renamed
     */
    Found<T> open(Instant now, String loss) throws StateException {
        try {
            return new Found<>(read(), null);
        } catch (DamagedException e) {
            Path aside = setAside(now);
            log.error("{} is damaged and was kept as {}; {}: {}", path, aside, loss, e.getMessage());
            return new Found<>(null, aside);
        } catch (IOException e) {
            throw StateException.of("read", path, e);
        }
    }

    private @Nullable T read() throws IOException, DamagedException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException absent) {
            return null;
        }
        try {
            C content = JSON.readValue(bytes, type);
            if (content == null) {
                throw new DamagedException("it is null (expected: an object)");
            }
            return decoder.decode(content);
        } catch (JacksonException e) {
            throw new DamagedException(e.getOriginalMessage());
        }
    }

    private Path setAside(Instant now) throws StateException {
        // No colons: they are awkward in shells and not allowed in names on some file systems.
        String name = path.getFileName() + ".corrupt-" + now.toString().replace(":", "");
        try {
            return Files.move(path, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw StateException.of("set aside the damaged", path, e);
        }
    }

    /**
     * Makes {@code value} durable.
     *
     * @throws StateException if that failed; the old content is then still there, save when only the last step failed, the
     *     flush of the directory: then the next start may find either
     */
    void write(T value) throws StateException {
        try {
            replace(JSON.writeValueAsBytes(encoder.apply(value)));
        } catch (IOException e) {
            throw StateException.of("write", path, e);
        }
    }

    private void replace(byte[] bytes) throws IOException {
        // One fixed name: what a crash leaves behind is overwritten by the next change instead of piling up.
        Path temporary = directory.resolve(path.getFileName() + ".tmp");
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
}
