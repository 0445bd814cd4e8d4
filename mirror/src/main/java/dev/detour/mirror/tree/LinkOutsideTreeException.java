package dev.detour.mirror.tree;

import java.io.IOException;
import java.nio.file.Path;

/** A symbolic link of the tree that leads out of it, and that no file inside can stand for. */
final class LinkOutsideTreeException extends IOException {
    private static final long serialVersionUID = 1L;

    LinkOutsideTreeException(Path link, Path target) {
        super("the link " + link + " leads to " + target + " (expected: a file inside the tree)");
    }
}
