package dev.detour.fleet;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** State that cannot be read or kept. The message is one line that names the path and the reason. */
public final class StateException extends IOException {
    StateException(String message) {
        super(message);
    }

    private StateException(String message, IOException cause) {
        super(message, cause);
    }

    static StateException of(String action, Path path, IOException cause) {
        return new StateException("cannot " + action + " " + path + ": " + reason(cause), cause);
    }

    /** The file system's exceptions often have nothing but the path as their message. */
    static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (cause instanceof FileAlreadyExistsException || cause instanceof NotDirectoryException) {
            return "a file that is not a directory is in the way";
        }
        if (cause instanceof FileSystemException fileProblem && fileProblem.getReason() != null) {
            return fileProblem.getReason();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
