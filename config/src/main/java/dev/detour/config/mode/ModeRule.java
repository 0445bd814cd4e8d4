package dev.detour.config.mode;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One mode set by an operator, and where it holds. A rule names a route, a backend, or neither (everywhere);
 * with both it holds where both agree.
 *
 * @param mode what is wished
 * @param backend the one backend it holds for, or null
 * @param route the one route it holds for, or null
 * @param message sentence shown to refused clients instead of the default, or null
 * @param until when it ends by itself, or null for never
 * @param reason why, for other operators; never shown to clients; or null
 * @param since when it was set
 */
public record ModeRule(
        Mode mode,
        @Nullable String backend,
        @Nullable String route,
        @Nullable String message,
        @Nullable Instant until,
        @Nullable String reason,
        Instant since) {

    /** Whether both rules speak of the same place, so that the newer replaces the older. */
    public boolean sameScope(ModeRule other) {
        return Objects.equals(backend, other.backend) && Objects.equals(route, other.route);
    }

    boolean holdsFor(String otherRoute, String otherBackend) {
        return (route == null || route.equals(otherRoute)) && (backend == null || backend.equals(otherBackend));
    }

    /** Higher for a narrower place: everything, a backend, a route, a route of one backend. */
    int narrowness() {
        return (route == null ? 0 : 2) + (backend == null ? 0 : 1);
    }

    boolean expired(Instant now) {
        return until != null && !now.isBefore(until);
    }
}
