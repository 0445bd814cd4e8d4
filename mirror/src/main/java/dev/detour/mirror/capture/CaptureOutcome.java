package dev.detour.mirror.capture;

import java.util.Locale;

/** What became of an answer that passed by. */
public enum CaptureOutcome {
    /** Kept: it is later than what was there. */
    TAKEN,
    /** It is what was there. */
    UNCHANGED,
    /** It cannot be shown to be later than what was there, or than what the index's list says. */
    OLDER,
    /** It is not what it should be. */
    INVALID,
    /** A page that has lost all files, and no status says why: whoever fetches pages makes sure. */
    EMPTIED,
    /** The copy knows nothing that it belongs to, and it does not prove to be new. */
    UNLISTED,
    /** Its content coding is unknown, broken, or hides more than is read. */
    UNREADABLE,
    /** There was no room for it. */
    DROPPED_FULL,
    /** The store failed. */
    FAILED;

    /** As a label of a metric. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
