package dev.detour.mirror.store;

/** How a page came into the store. */
public enum Origin {
    /** Fetched because the index's project list said that it changed. */
    SYNC,

    /** Taken from an answer of the backend to somebody else. */
    CAPTURE,

    /** Read from another copy. */
    IMPORT,

    /** Fetched because a comparison found it different. */
    AUDIT
}
