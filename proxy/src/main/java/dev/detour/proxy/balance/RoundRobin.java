package dev.detour.proxy.balance;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Each endpoint in its turn, smoothly by weight: every pick adds its weight to each endpoint's credit, and the one with the
 * most pays the sum. Weights 5, 1, 1 give a a b a c a a and not a a a a a b c.
 *
 * <p>An endpoint with more than 1.5 times its part of the requests in progress is passed over.
 *
 * <p>Credit starts at random, so that the event loops do not all begin with the same endpoint.
 */
final class RoundRobin extends Balancer {
    private final RandomGenerator random;

    /** By slot, which outlives changes of the list. */
    private final double[] credit = new double[MOST];

    RoundRobin(double panicBelow, RandomGenerator random) {
        super(panicBelow);
        this.random = random;
        for (int i = 0; i < MOST; i++) {
            credit[i] = random.nextDouble();
        }
    }

    @Override
    int choose(List<? extends Candidate> candidates, long set, String path, long nowNanos) {
        long fit = notCrowded(candidates, set);
        double sum = 0;
        double most = Double.NEGATIVE_INFINITY;
        int best = 0;
        int bestSlot = 0;
        for (long rest = fit; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            Candidate candidate = candidates.get(i);
            int slot = candidate.slot();
            double weight = candidate.weight() * candidate.warmth(nowNanos);
            sum += weight;
            credit[slot] += weight;
            if (credit[slot] > most) {
                most = credit[slot];
                best = i;
                bestSlot = slot;
            }
        }
        credit[bestSlot] -= sum;
        return best;
    }

    @Override
    double fraction(String path) {
        return random.nextDouble();
    }
}
