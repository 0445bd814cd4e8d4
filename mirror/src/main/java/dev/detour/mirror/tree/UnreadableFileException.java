package dev.detour.mirror.tree;

import dev.detour.mirror.page.PageFormatException;
import java.io.IOException;

/** A file of the tree whose content is not what it should be; the message names the file. */
final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableFileException(String file, String problem) {
        super(file + ": " + problem);
    }

    UnreadableFileException(String file, PageFormatException problem) {
        super(file + ": " + problem.getMessage(), problem);
    }
}
