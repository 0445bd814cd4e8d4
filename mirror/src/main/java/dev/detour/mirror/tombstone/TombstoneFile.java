package dev.detour.mirror.tombstone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where tombstones are kept. The file is replaced as a whole: a reader finds the old or the new content whatever happens in
 * between, because the new one is flushed to the medium before it is renamed over the old one, and the directory after.
 */
final class TombstoneFile {
    private static final String NAME = "tombstones.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Path directory;
    private final Path path;

    TombstoneFile(Path directory) {
        this.directory = directory;
        this.path = directory.resolve(NAME);
    }

    /** What it holds; nothing if there is no file. */
    Withdrawn read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException absent) {
            return Withdrawn.NOTHING;
        } catch (IOException e) {
            throw new IOException("cannot read " + path + ": " + reason(e), e);
        }
        try {
            TombstoneContent content = JSON.readValue(bytes, TombstoneContent.class);
            if (content == null) {
                throw new IllegalArgumentException("it is null (expected: an object)");
            }
            return content.toWithdrawn();
        } catch (JacksonException e) {
            throw damaged(e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private IOException damaged(String problem, Exception cause) {
        return new IOException(
                path + " is damaged: " + problem.lines().findFirst().orElse("")
                        + " (what it withheld would be served without it: mend it, or move it away and add the tombstones"
                        + " again)",
                cause);
    }

    /** Makes a set durable. If this fails before the rename the old content is still there. */
    void write(Withdrawn withdrawn) throws IOException {
        try {
            // the check first: before JDK 20 createDirectories fails on a symbolic link to a directory
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
            replace(JSON.writeValueAsBytes(TombstoneContent.of(withdrawn)));
        } catch (IOException e) {
            throw new IOException("cannot write " + path + ": " + reason(e), e);
        }
    }

    private void replace(byte[] bytes) throws IOException {
        // one fixed name: what a crash leaves behind is removed by the next change instead of piling up
        Path temporary = directory.resolve(NAME + ".tmp");
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(
                temporary, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly())) {
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

    /** Reasons may say what was found in a package before anybody else knows. */
    private FileAttribute<?>[] ownerOnly() throws IOException {
        return Files.getFileStore(directory).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** The file system's exceptions often have nothing but the path as their message. */
    private static String reason(IOException cause) {
        String reason = cause instanceof FileSystemException problem ? problem.getReason() : cause.getMessage();
        return reason == null ? cause.getClass().getSimpleName() : reason;
    }
}
