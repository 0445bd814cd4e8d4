package dev.detour.admin;

import java.util.List;

/**
 * Whether this instance should be sent traffic.
 *
 * @param ready whether it should
 * @param reasons what keeps it from being ready, or, when ready, what is worth knowing; one sentence each
 */
public record Readiness(boolean ready, List<String> reasons) {
    public Readiness {
        reasons = List.copyOf(reasons);
    }
}
