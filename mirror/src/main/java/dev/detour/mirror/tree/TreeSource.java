package dev.detour.mirror.tree;

import dev.detour.mirror.MirrorAnswer;
import dev.detour.mirror.MirrorRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Where the files of a tree come from. Names are relative to the directory that holds {@code simple/}, separated by
 * {@code /}; one that is not plain names no file. Thread-safe; every method may block.
 */
public interface TreeSource {
    /** Whether a name is one that a tree can hold: plain segments, no way up, nothing that an operating system reads otherwise. */
    static boolean isPlain(String relative) {
        return TreePaths.isPlain(relative);
    }

    /** The file with this name, or null if there is none. */
    @Nullable TreeFile find(String relative) throws IOException;

    /** Whether there is such a file, which need not be read. */
    boolean holds(String relative) throws IOException;

    /** Announces which files {@link #holds} is about to be asked for, where asking for many at once is cheaper. */
    default void expect(Collection<String> relatives) {}

    /**
     * The answer to a request for a release file, or null if the tree has no such file.
     *
     * @param path relative to {@code packages/}, one that a finished release file can have
     */
    @Nullable MirrorAnswer releaseFile(String path, MirrorRequest request, Duration age) throws IOException;

    /** Opens the source of a tree: again and again, as the tree may have been moved. */
    @FunctionalInterface
    interface Opener {
        TreeSource open() throws IOException;
    }
}
