package dev.detour.config;

/** One place to look for an answer when the backend has none; a route lists them in order and ends with {@link #REFUSE}. */
public enum Fallback {
    STALE("stale"),
    MIRROR("mirror"),
    REFUSE("refuse");

    private final String label;

    Fallback(String label) {
        this.label = label;
    }

    /** The name used in configuration. */
    public String label() {
        return label;
    }
}
