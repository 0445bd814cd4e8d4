package dev.detour.health.failure;

/** How far an attempt had come when it failed. */
public enum AttemptPhase {
    /** Resolving the name and connecting. */
    CONNECT,
    /** Inside the TLS handshake. */
    HANDSHAKE,
    /** Connected; no complete response head yet. */
    BEFORE_ANSWER,
    /** The response head was read; its body is not complete. */
    BODY
}
