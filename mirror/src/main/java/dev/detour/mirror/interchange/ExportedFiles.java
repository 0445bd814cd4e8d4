package dev.detour.mirror.interchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes files of a tree that is being served: each is whole, old or new, at any time, and one that is right already is not
 * touched. Thread-safe.
 */
final class ExportedFiles {
    /** Hidden, so that no web server and no mirror serves what a crash left behind. */
    private static final String UNFINISHED = ".detour-";

    private final AtomicLong names = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong unchanged = new AtomicLong();
    private final AtomicLong removed = new AtomicLong();

    void write(Path file, byte[] content) throws IOException {
        if (Files.isRegularFile(file)
                && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content)) {
            unchanged.incrementAndGet();
            return;
        }
        Path fresh = fresh(file);
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        place(fresh, file);
    }

    /** The same bytes under a second name: a link if the file system has links. */
    void alias(Path file, Path alias) throws IOException {
        if (Files.exists(alias) && Files.isSameFile(file, alias)) {
            unchanged.incrementAndGet();
            return;
        }
        copy(file, alias);
    }

    /** A file from elsewhere: a link if it is on the same file system, otherwise a copy with its time. */
    void copy(Path from, Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.mismatch(from, file) < 0) {
            unchanged.incrementAndGet();
            return;
        }
        Path fresh = fresh(file);
        try {
            Files.createLink(fresh, from);
        } catch (UnsupportedOperationException | IOException e) {
            Files.deleteIfExists(fresh);
            Files.copy(from, fresh, StandardCopyOption.COPY_ATTRIBUTES);
        }
        place(fresh, file);
    }

    /** A copy that is never a link: the other may be written in place. */
    void copyBytes(Path from, Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.mismatch(from, file) < 0) {
            unchanged.incrementAndGet();
            return;
        }
        Path fresh = fresh(file);
        try (InputStream in = Files.newInputStream(from)) {
            Files.copy(in, fresh);
        }
        place(fresh, file);
    }

    private Path fresh(Path file) throws IOException {
        Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file lies in a directory");
        Files.createDirectories(directory);
        return directory.resolve(UNFINISHED + ProcessHandle.current().pid() + "-" + names.incrementAndGet());
    }

    private void place(Path fresh, Path file) throws IOException {
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        written.incrementAndGet();
    }

    /** Removes a file if it is there. */
    void remove(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            removed.incrementAndGet();
        }
    }

    static boolean isUnfinished(Path file) {
        return file.getFileName().toString().startsWith(UNFINISHED);
    }

    long written() {
        return written.get();
    }

    long unchanged() {
        return unchanged.get();
    }

    long removed() {
        return removed.get();
    }
}
