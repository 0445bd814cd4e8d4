package dev.detour.mirror.tree;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A regular file of the tree as it was when looked at. Equal as long as it is the same file with the same content, as far
 * as the file system tells.
 *
 * @param path without symbolic links
 * @param identity the file system's own identity of the file: tells a file renamed over another of the same size and time
 */
record TreeFile(
        Path path, FileTime modified, long size, @Nullable Object identity) {}
