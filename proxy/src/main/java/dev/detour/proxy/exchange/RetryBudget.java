package dev.detour.proxy.exchange;

/**
 * The share of live requests to one backend that may be retries, so that retries cannot make an overload worse. Counted per
 * event loop: no contention, and the share holds for the sum if it holds for each part.
 */
final class RetryBudget {
    /** Below this many, a share says little: a lone request may always be retried. */
    private static final int FLOOR = 3;

    private final double share;
    private int live;
    private int retries;

    RetryBudget(double share) {
        this.share = share;
    }

    void enter() {
        live++;
    }

    void leave(boolean retried) {
        live--;
        if (retried) {
            retries--;
        }
    }

    /** Takes one retry from the budget; each exchange at most once. */
    boolean tryTake() {
        if (retries >= Math.max(FLOOR, share * live)) {
            return false;
        }
        retries++;
        return true;
    }
}
