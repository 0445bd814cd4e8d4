package dev.detour.proxy.exchange;

/**
 * How many requests to one backend may be retries: a share of those that come, so that retries cannot make an overload worse.
 * What healthy times did not use is kept up to a small reserve, because an endpoint that breaks fails all it is asked at once.
 *
 * <p>At any time no more retries have been granted than the share of all requests so far and the reserve. Counted per event
 * loop: no contention, and the share holds for the sum if it holds for each part.
 */
final class RetryBudget {
    /** Retries that are granted at once: what fails of some dozens of concurrent requests before an endpoint is ejected. */
    static final int RESERVE = 25;

    private final double share;
    private double left = RESERVE;

    RetryBudget(double share) {
        this.share = share;
    }

    /** A request has come. */
    void deposit() {
        left = Math.min(RESERVE, left + share);
    }

    /** Takes one retry from the budget. */
    boolean tryTake() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
