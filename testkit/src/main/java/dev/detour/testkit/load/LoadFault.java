package dev.detour.testkit.load;

/** What {@link LoadIndex} does about one request. */
public enum LoadFault {
    /** Answers it. */
    NONE(0),
    /** Answers 502 with a short text. */
    STATUS_502(502),
    /** Answers 503 with a short text. */
    STATUS_503(503),
    /** Resets the connection instead of an answer. */
    RESET(0),
    /** Gives no answer until the peer goes away. */
    HANG(0),
    /** Answers it after {@link LoadIndex#slowness}. */
    SLOW(0),
    /** Sends the head and half of the body, and closes. */
    TRUNCATE(0);

    private final int status;

    LoadFault(int status) {
        this.status = status;
    }

    /** The status answered, or 0 if the fault is none of the status. */
    int status() {
        return status;
    }
}
