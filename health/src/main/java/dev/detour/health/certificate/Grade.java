package dev.detour.health.certificate;

import java.util.Locale;

/** How a certificate stands, from fine to useless; one that has not begun stands apart. */
public enum Grade {
    /** Nothing to do. */
    OK,
    /** It should have been renewed by now. */
    DUE,
    /** Half of the time to do so has passed. */
    LATE,
    /** Whatever else is going on, this first. */
    CRITICAL,
    /** Its last moment has passed. */
    EXPIRED,
    /** Its first moment is still to come: a clock is wrong, or it was installed too early. */
    NOT_YET_VALID;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The name used in metrics and JSON. */
    public String label() {
        return label;
    }

    /** Whether somebody should look. */
    public boolean warns() {
        return this == DUE || this == LATE;
    }

    /** Whether it does not work, or soon will not. */
    public boolean fails() {
        return this == CRITICAL || this == EXPIRED || this == NOT_YET_VALID;
    }
}
