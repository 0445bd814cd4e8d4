package dev.detour.proxy.matrix;

import java.time.Duration;

/** How long a client waits. A limit may be exceeded by a fifth: the time it takes to notice, and to answer from elsewhere. */
enum Wait {
    NOW("now", 0, 100),
    UP_TO_CONNECT("up to connect", 0, 240),
    CONNECT("connect", 200, 240),
    HANDSHAKE("handshake", 200, 240),
    FIRST_BYTE("first-byte", 250, 300),
    BETWEEN_BYTES("between-bytes", 250, 300),
    /** The backend is slow, and what it sends is passed on as it comes. */
    DRIP("drip", 300, 700);

    /** The limits of a proxy, where a fault is about one of them. */
    static final Duration CONNECT_LIMIT = Duration.ofMillis(200);

    static final Duration HANDSHAKE_LIMIT = Duration.ofMillis(200);
    static final Duration FIRST_BYTE_LIMIT = Duration.ofMillis(250);
    static final Duration BETWEEN_BYTES_LIMIT = Duration.ofMillis(250);

    /** The client begins to count when it has sent its request; the proxy's clock may have begun a little earlier. */
    private static final long EARLY = 10;

    private final String label;
    private final long least;
    private final long most;

    Wait(String label, long least, long most) {
        this.label = label;
        this.least = least;
        this.most = most;
    }

    String label() {
        return label;
    }

    boolean covers(Duration measured) {
        return measured.toMillis() >= least - EARLY && measured.toMillis() <= most;
    }

    /** The word for a duration, if {@code expected} is not it. */
    static Wait of(Duration measured, Wait expected) {
        if (expected.covers(measured)) {
            return expected;
        }
        for (Wait wait : values()) {
            if (wait.covers(measured) && wait != UP_TO_CONNECT) {
                return wait;
            }
        }
        return DRIP;
    }
}
