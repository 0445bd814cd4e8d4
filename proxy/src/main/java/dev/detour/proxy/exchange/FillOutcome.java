package dev.detour.proxy.exchange;

import java.util.Locale;

/** How a fetch for the cache ended. */
public enum FillOutcome {
    /** With an answer that may be kept. */
    STORED,
    /** What was kept still holds. */
    REVALIDATED,
    /** With an answer for one client only; it is timed until its head. */
    PASSED,
    /** With none. */
    FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in metrics. */
    public String label() {
        return label;
    }
}
