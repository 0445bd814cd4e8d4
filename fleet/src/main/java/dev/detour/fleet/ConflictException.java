package dev.detour.fleet;

/** A change that was decided on something that is no longer so: somebody else changed it in between. */
public final class ConflictException extends Exception {
    private final long versionInForce;

    ConflictException(long expected, long versionInForce) {
        super("somebody else changed the drains in between: version " + expected + " was expected, version "
                + versionInForce + " is in force");
        this.versionInForce = versionInForce;
    }

    /** The version that a change has to expect now. */
    public long versionInForce() {
        return versionInForce;
    }
}
