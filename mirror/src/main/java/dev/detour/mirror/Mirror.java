package dev.detour.mirror;

import org.jspecify.annotations.Nullable;

/** A static copy of an index. Thread-safe. */
public interface Mirror {
    /**
     * Answers a GET or HEAD. May read files: never call it on an event loop. An unexpected I/O error is an
     * {@link MirrorAnswer.Unavailable}, not an exception.
     */
    MirrorAnswer answer(MirrorRequest request);

    /**
     * The answer to a GET or HEAD if it is in memory, or null if it takes {@link #answer} to find it. Reads no file and waits for
     * nobody: for event loops.
     */
    @Nullable AtHand atHand(MirrorRequest request);

    /**
     * An answer out of memory.
     *
     * @param look whether {@link #answer} has to be called too, off the loop, so that a change is seen; nobody waits for that
     */
    record AtHand(MirrorAnswer answer, boolean look) {}

    /** Whether a tombstone lies on this or on part of it, so that an older copy of it must not be served instead. Waits for nobody. */
    boolean withholds(MirrorResource resource);

    /** Whether the copy is fit to serve now. May read files. */
    MirrorStatus status();
}
