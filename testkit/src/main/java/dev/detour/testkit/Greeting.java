package dev.detour.testkit;

/** What {@link FakeBackend} does with a new connection before any TLS or HTTP. */
public enum Greeting {
    /** Handshake if there is TLS, then requests. */
    SERVE,
    /** RST at once. */
    RESET,
    /** RST after the first bytes of the peer, such as its ClientHello. */
    RESET_AFTER_FIRST_BYTES,
    /** FIN at once. */
    CLOSE,
    /** FIN after the first bytes of the peer, such as its ClientHello. */
    CLOSE_AFTER_FIRST_BYTES,
    /** Says nothing until the peer or the backend goes away; with TLS the handshake hangs. */
    HANG,
    /** Answers the first bytes with TLS's fatal alert protocol_version (RFC 8446 6), as a server does that is too old. */
    PROTOCOL_ALERT,
    /** Answers the first bytes in clear HTTP, also on a TLS port. */
    PLAINTEXT,
    /** Answers the first bytes with bytes that are neither TLS nor HTTP. */
    GARBAGE
}
