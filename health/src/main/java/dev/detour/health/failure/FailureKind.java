package dev.detour.health.failure;

import java.util.Locale;

/** What went wrong with one attempt, as far as decisions differ. */
public enum FailureKind {
    /** The host name could not be resolved. */
    DNS,
    /** The peer refused the TCP connection. */
    REFUSED,
    /** No route, network down, or another refusal to connect that is not the peer's. */
    UNREACHABLE,
    /** No TCP connection within the connect timeout. */
    CONNECT_TIMEOUT,
    /** The TLS handshake failed; {@link Failure#tls()} says why. */
    TLS,
    /** The peer reset the connection before it answered. */
    RESET,
    /** The peer closed the connection before it answered. */
    CLOSED,
    /** No answer within the first-byte timeout. */
    FIRST_BYTE_TIMEOUT,
    /** An answer began, but too slowly to be complete within the first-byte timeout while it was held back. */
    SLOW,
    /** Silence inside a body for longer than the between-bytes timeout. */
    BETWEEN_BYTES_TIMEOUT,
    /** The answer's status says that the backend is broken; {@link Failure#status()} has it. */
    STATUS,
    /** The answer is not HTTP. */
    MALFORMED,
    /** The answer is HTTP and says that all is well, but cannot be what was asked for: no body, or another media type. */
    WRONG_CONTENT,
    /** The answer had not begun when the time for the whole request was over. */
    DEADLINE,
    /** The connection ended before the body was complete. */
    TRUNCATED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name used in metrics and logs. */
    public String label() {
        return label;
    }
}
