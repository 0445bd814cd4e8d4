package dev.detour.health.certificate;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/** What changes whenever a file does, or is replaced, or a link leads elsewhere. */
public record FileStamp(@Nullable Object key, long size, FileTime modified, FileTime changed) {
    /** The modification time is whatever whoever wrote the file wants; that of the inode is not. */
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    /** Within the coarsest clock of a file system a second change would not show. */
    private static final long COARSEST_MILLIS = 2_000;

    /**
     * That of a file now.
     *
     * @throws IOException if it is not there, or cannot be looked at
     */
    public static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        FileTime changed = UNIX ? (FileTime) Files.getAttribute(file, "unix:ctime") : attributes.lastModifiedTime();
        return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime(), changed);
    }

    /** Whether a further change would show. */
    boolean settled() {
        long latest = Math.max(modified.toMillis(), changed.toMillis());
        return latest < System.currentTimeMillis() - COARSEST_MILLIS;
    }
}
