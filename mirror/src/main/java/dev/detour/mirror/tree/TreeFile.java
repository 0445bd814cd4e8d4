package dev.detour.mirror.tree;

import java.io.IOException;
import java.nio.file.attribute.FileTime;

/** A file of a tree as it was when looked at. Equal as long as it is the same file with the same content, as far as its source tells. */
public interface TreeFile {
    /** Where it is, for messages. */
    String name();

    FileTime modified();

    /** In bytes. */
    long size();

    byte[] read() throws IOException;
}
