package dev.detour.mirror.sync;

import java.util.Locale;

/** What came of fetching one project. */
public enum Outcome {
    /** Another page than before is kept. */
    TAKEN,
    /** The page kept is the index's. */
    UNCHANGED,
    /** The index does not have the project any more, and neither has the mirror. */
    REMOVED,
    /** Waits for a second sighting: the project is gone, or its page has lost all files. */
    UNCONFIRMED,
    /** The index gave an earlier page than it should have; tried again later. */
    STALE,
    /** The page is not what a Simple page has to be; it is not taken. */
    INVALID,
    /** The index could not be asked, or failed. */
    FAILED;

    /** Whether there is nothing more to do about it. */
    public boolean isSettled() {
        return this == TAKEN || this == UNCHANGED || this == REMOVED;
    }

    /** As a label of a metric. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
