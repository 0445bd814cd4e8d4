package dev.detour.health.breaker;

/**
 * The answer of a {@link BackendBreaker} to one call, handed back with the call's outcome; compared by identity.
 *
 * <p>Each half-open phase has one permit of its own, so that a trial that outlives its phase decides nothing in the next.
 */
public final class Permit {
    /** The backend must not be asked; there is no outcome to report. */
    public static final Permit REFUSED = new Permit("refused");

    static final Permit ORDINARY = new Permit("ordinary");

    private final String kind;

    private Permit(String kind) {
        this.kind = kind;
    }

    static Permit trial() {
        return new Permit("trial");
    }

    /** Whether the backend may be asked; the outcome is to be reported then. */
    public boolean granted() {
        return this != REFUSED;
    }

    /** Whether the outcome helps to decide if traffic returns. */
    public boolean isTrial() {
        return granted() && this != ORDINARY;
    }

    @Override
    public String toString() {
        return kind;
    }
}
