package dev.detour.mirror.audit;

import java.util.Locale;

/** What came of laying the mirror's page of a project beside the index's. */
public enum Verdict {
    /** The same bytes. */
    IDENTICAL(true),
    /** Other bytes that mean the same. */
    EQUIVALENT(true),
    /** Another content under the same serial, or without one. */
    DIFFERENT(false),
    /** The index has a later page: not unfaithful, only not there yet. */
    LAGGING(true),
    /** The index answered with an earlier page than it did before: a replica of it is stale. */
    AHEAD(true),
    /** The index has a page of a project that the mirror knows nothing of. */
    MISSING(false),
    /** The mirror has a page that the index has not any more. */
    GONE(false);

    private final boolean faithful;

    Verdict(boolean faithful) {
        this.faithful = faithful;
    }

    /** Whether it speaks for the mirror. */
    public boolean isFaithful() {
        return faithful;
    }

    /** As a label of a metric. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
