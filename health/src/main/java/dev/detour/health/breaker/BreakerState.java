package dev.detour.health.breaker;

import java.util.Locale;

/** Whether a backend gets traffic. */
public enum BreakerState {
    /** Traffic flows; outcomes are counted. */
    CLOSED,
    /** No traffic until the next trial. */
    OPEN,
    /** A few trial calls decide whether traffic returns. */
    HALF_OPEN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name used in metrics, logs and the admin API. */
    public String label() {
        return label;
    }
}
