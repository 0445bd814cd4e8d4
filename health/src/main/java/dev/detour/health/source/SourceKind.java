package dev.detour.health.source;

import java.util.Locale;

/** What kind of place a source is. */
public enum SourceKind {
    /** Files on this machine. */
    FILES,
    /** What this instance itself needs: certificates of its listeners, client certificates, trust stores. */
    OWN,
    /** The endpoints of a backend, as they answer. */
    BACKEND,
    /** Servers that the operator has listed, as they answer. */
    SERVER,
    VAULT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The word in JSON and metrics. */
    public String label() {
        return label;
    }
}
