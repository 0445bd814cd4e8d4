package dev.detour.mirror.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A regular file on the local disk.
 *
 * @param path without symbolic links
 * @param identity the file system's own identity of the file: tells a file renamed over another of the same size and time
 */
record LocalFile(
        Path path, FileTime modified, long size, @Nullable Object identity) implements TreeFile {
    private static final long MAX_READ = 512L << 20;

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public byte[] read() throws IOException {
        if (size > MAX_READ) {
            throw new UnreadableFileException(name(), size + " bytes (expected: at most " + MAX_READ + ")");
        }
        return Files.readAllBytes(path);
    }
}
