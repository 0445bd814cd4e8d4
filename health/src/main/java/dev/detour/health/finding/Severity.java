package dev.detour.health.finding;

import java.util.Locale;

/** How bad it is, the worst last. */
public enum Severity {
    /** Worth knowing, nothing to do. */
    INFO,
    /** Somebody has to act, in working hours. */
    WARNING,
    /** Somebody has to act now. */
    CRITICAL;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in JSON, metrics and webhooks. */
    public String label() {
        return label;
    }
}
