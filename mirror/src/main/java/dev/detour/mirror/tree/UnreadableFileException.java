package dev.detour.mirror.tree;

import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;
import java.nio.file.Path;

/** A file of the tree whose content is not what it should be; the message names the file. */
final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    UnreadableFileException(Path file, PageFormatException problem) {
        super(file + ": " + problem.getMessage(), problem);
    }
}
