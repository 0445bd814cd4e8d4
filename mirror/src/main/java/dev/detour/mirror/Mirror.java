package dev.detour.mirror;

/** A static copy of an index. Thread-safe. */
public interface Mirror {
    /**
     * Answers a GET or HEAD. May read files: never call it on an event loop. An unexpected I/O error is an
     * {@link MirrorAnswer.Unavailable}, not an exception.
     */
    MirrorAnswer answer(MirrorRequest request);

    /** Whether the copy is fit to serve now. May read files. */
    MirrorStatus status();
}
