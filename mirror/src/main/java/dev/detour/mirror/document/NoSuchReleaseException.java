package dev.detour.mirror.document;

import java.io.IOException;

/** The document of a project is there, but has no such release. */
public final class NoSuchReleaseException extends IOException {
    private static final long serialVersionUID = 1L;

    NoSuchReleaseException(String message) {
        super(message);
    }
}
