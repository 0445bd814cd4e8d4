package dev.detour.health.endpoint;

import java.util.Locale;

/** What measurements say about an endpoint. What the operator wants of it is another thing and not told here. */
public enum Standing {
    /** Nothing speaks against it. */
    UP,
    /** It failed or dawdled where its siblings did not: out for a time, but better than nothing. */
    EJECTED,
    /** Its TLS can only fail (expired, untrusted, wrong name, ...): out for a time, and of no use to anyone. */
    REJECTED,
    /** Its certificate ends soon and a sibling's later: the sibling is asked instead, but it is as good as any until then. */
    EXPIRING,
    /** Active probes say that it is down. */
    DOWN;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Whether it is asked where nobody who is up can be: it may well answer. */
    public boolean standsBy() {
        return this == EJECTED || this == EXPIRING;
    }

    /** The name used in metrics, logs and the admin API. */
    public String label() {
        return label;
    }
}
