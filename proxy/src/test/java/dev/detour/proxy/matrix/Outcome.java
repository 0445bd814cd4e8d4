package dev.detour.proxy.matrix;

import java.util.Locale;

/** What a client got. */
enum Outcome {
    /** The backend's answer, whole. */
    BACKEND,
    /** The mirror's answer, whole. */
    MIRROR,
    /** The proxy's own words; of a write they say that nothing happened. */
    REFUSAL,
    /** The proxy's own words, which say that a write may or may not have happened. */
    UNKNOWN,
    /** The beginning of the backend's answer, and then a connection that breaks, so that no part passes for the whole. */
    BROKEN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
