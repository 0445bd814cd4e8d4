package dev.detour.mirror.store;

/** How a page came into the store. */
public enum Origin {
    /** Fetched because the index's project list said that it changed. */
    SYNC('s'),

    /** Taken from an answer of the backend to somebody else. */
    CAPTURE('c'),

    /** Read from another copy. */
    IMPORT('i'),

    /** Fetched because a comparison found it different. */
    AUDIT('a');

    private final char code;

    Origin(char code) {
        this.code = code;
    }

    /** What it is on disk: never change one. */
    char code() {
        return code;
    }

    static Origin of(int code) {
        for (Origin origin : values()) {
            if (origin.code == code) {
                return origin;
            }
        }
        throw new IllegalArgumentException("no origin has the code " + code);
    }
}
