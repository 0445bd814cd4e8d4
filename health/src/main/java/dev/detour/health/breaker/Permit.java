package dev.detour.health.breaker;

/** The answer of a breaker to one call, to be handed back with the call's outcome. */
public enum Permit {
    /** The backend must not be asked; there is no outcome to report. */
    REFUSED,
    /** The backend may be asked. */
    ORDINARY,
    /** The backend may be asked, and the outcome decides whether traffic returns. */
    TRIAL
}
