package dev.detour.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A static copy of an index.
 *
 * @param name unique among mirrors
 * @param place what it is and where
 * @param maxAge oldest copy still fit to serve; older ones are unhealthy
 * @param minFidelity share of compared pages that must be the index's, 0 to 1; used for stores only
 */
public record MirrorConfig(String name, Place place, Duration maxAge, double minFidelity) {
    private static final double MOST_FAITHFUL = 0.99;

    /** A tree on disk. */
    public MirrorConfig(String name, Path tree, Duration maxAge) {
        this(name, new Tree(tree), maxAge, MOST_FAITHFUL);
    }

    /**
     * Where the tree is.
     *
     * @throws IllegalStateException if this is no tree
     */
    public Path tree() {
        if (place instanceof Tree tree) {
            return tree.directory();
        }
        throw new IllegalStateException(name + " is " + place + " (expected: a tree)");
    }

    /** What a mirror is. */
    public sealed interface Place permits Tree, Url, StoreConfig {}

    /**
     * Somebody else's tree in bandersnatch's layout.
     *
     * @param directory its web root, the directory that holds {@code simple/}
     */
    public record Tree(Path directory) implements Place {}

    /**
     * A tree behind a web server or in a bucket.
     *
     * @param base URL of its web root, with a final slash
     */
    public record Url(URI base) implements Place {}
}
