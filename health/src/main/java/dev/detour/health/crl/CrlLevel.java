package dev.detour.health.crl;

import java.util.Locale;

/** How bad it is, the worst last. */
public enum CrlLevel {
    OK,
    WARNING,
    CRITICAL;

    /** The word for people and programs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
