package dev.detour.mirror.tree;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way from a name to a file of the tree. Follows symbolic links itself, one component at a time, so that no name and no
 * link can lead out of the tree. Absolute links made for another place (bandersnatch's {@code keep_index_versions} writes
 * them, and then the tree is copied) are followed inside this tree.
 */
final class TreePaths implements TreeSource {
    private static final int MAX_LINKS = 16;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_SEGMENTS = 32;

    /** The directories a tree consists of, where the part of an absolute link that is still valid begins. */
    private static final Set<String> TOP = Set.of("simple", "json", "pypi", "packages", "integrity");

    private final Path root;
    private final Path configuredRoot;

    /**
     * Starts at a tree.
     *
     * @throws IOException if it is no readable directory
     */
    TreePaths(Path tree) throws IOException {
        this.configuredRoot = tree.toAbsolutePath().normalize();
        this.root = tree.toRealPath();
    }

    /** Whether a relative path is one that a tree can hold: plain names, no way up, nothing that an operating system reads otherwise. */
    static boolean isPlain(String relative) {
        String[] segments = relative.split("/", -1);
        if (segments.length > MAX_SEGMENTS) {
            return false;
        }
        for (String segment : segments) {
            boolean plain = !segment.isEmpty()
                    && segment.charAt(0) != '.'
                    && segment.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\' || c == ':')
                    && segment.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
            if (!plain) {
                return false;
            }
        }
        return true;
    }

    /**
     * The regular file with this name, or null if there is none.
     *
     * @param relative names separated by {@code /}; one that is not plain names no file
     * @throws LinkOutsideTreeException if a link on the way leaves the tree
     */
    @Override
    public @Nullable LocalFile find(String relative) throws IOException {
        if (!isPlain(relative)) {
            return null;
        }
        try {
            return walk(root.getFileSystem().getPath(relative));
        } catch (InvalidPathException e) {
            // characters this file system has no bytes for
            return null;
        }
    }

    private @Nullable LocalFile walk(Path relative) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        relative.forEach(rest::addLast);
        Path at = root;
        int links = 0;
        while (!rest.isEmpty()) {
            Path next = at.resolve(rest.removeFirst());
            BasicFileAttributes attributes = attributes(next);
            if (attributes == null) {
                return null;
            }
            if (attributes.isSymbolicLink()) {
                if (++links > MAX_LINKS) {
                    throw new FileSystemLoopException(next.toString());
                }
                prepend(target(next), rest);
                at = root;
            } else if (attributes.isDirectory()) {
                at = next;
            } else {
                return rest.isEmpty() && attributes.isRegularFile()
                        ? new LocalFile(next, attributes.lastModifiedTime(), attributes.size(), attributes.fileKey())
                        : null;
            }
        }
        return null;
    }

    private static void prepend(Path path, Deque<Path> rest) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.addFirst(path.getName(i));
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Where a link leads, relative to the root. */
    private Path target(Path link) throws IOException {
        Path written = Files.readSymbolicLink(link);
        Path target = link.resolveSibling(written).normalize();
        if (target.startsWith(root)) {
            return root.relativize(target);
        }
        if (target.startsWith(configuredRoot)) {
            return configuredRoot.relativize(target);
        }
        if (written.isAbsolute()) {
            for (int i = 0; i < target.getNameCount(); i++) {
                Path inside = target.subpath(i, target.getNameCount());
                if (TOP.contains(target.getName(i).toString()) && attributes(root.resolve(inside)) != null) {
                    return inside;
                }
            }
        }
        throw new LinkOutsideTreeException(link, written);
    }

    /** Whether there is such a file; a link that leaves the tree is none. */
    @Override
    public boolean holds(String relative) throws IOException {
        try {
            return find(relative) != null;
        } catch (LinkOutsideTreeException e) {
            return false;
        }
    }

    @Override
    public @Nullable MirrorAnswer releaseFile(String path, MirrorRequest request, Duration age) throws IOException {
        LocalFile file = find("packages/" + path);
        return file == null ? null : ReleaseFiles.answer(file, request, age);
    }
}
