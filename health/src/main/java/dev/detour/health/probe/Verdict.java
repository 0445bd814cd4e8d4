package dev.detour.health.probe;

/**
 * An endpoint's standing by the outcomes of its probes: the first one decides, afterwards a number of the other kind in a
 * row flips it.
 */
final class Verdict {
    private final int upAfter;
    private final int downAfter;

    private boolean known;
    private boolean up;
    /** Outcomes in a row that contradict {@link #up}. */
    private int against;

    /**
     * Nothing known yet.
     *
     * @param upAfter good outcomes in a row that bring it up; at least 1
     * @param downAfter bad outcomes in a row that take it down; at least 1
     */
    Verdict(int upAfter, int downAfter) {
        if (upAfter < 1 || downAfter < 1) {
            throw new IllegalArgumentException(
                    "up-after: " + upAfter + ", down-after: " + downAfter + " (expected: at least 1)");
        }
        this.upAfter = upAfter;
        this.downAfter = downAfter;
    }

    /** Takes the next outcome; says whether the verdict is news: the first, or flipped. */
    boolean take(boolean good) {
        if (!known) {
            known = true;
            up = good;
            return true;
        }
        if (good == up) {
            against = 0;
            return false;
        }
        against++;
        if (against < (good ? upAfter : downAfter)) {
            return false;
        }
        up = good;
        against = 0;
        return true;
    }

    /** Whether the endpoint is fit; false while nothing is known. */
    boolean up() {
        return up;
    }
}
