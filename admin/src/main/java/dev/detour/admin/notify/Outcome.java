package dev.detour.admin.notify;

import java.util.Locale;

/** How one message to a receiver ended. */
public enum Outcome {
    /** It was accepted. */
    DELIVERED,
    /** It was not, and will be tried again soon. */
    FAILED,
    /** The receiver does not want it as it is: somebody has to look at the settings. */
    REFUSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in metrics. */
    public String label() {
        return label;
    }
}
