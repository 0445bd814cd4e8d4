package dev.detour.proxy.balance;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Power of two choices: of two endpoints drawn at random the less loaded one, which keeps the longest queue short without
 * the herd that runs to the one least loaded endpoint when all event loops see the same numbers.
 *
 * <p>Drawn by weight and never the same twice. The second replaces the first only if it would be no more loaded with the
 * request (load + 1) than the first is without it, each in proportion to its weight. For equal weights that is the usual
 * comparison of loads; for unequal ones it keeps the shares at the weights when nothing is in progress, where comparing
 * load + 1 alone would give a light or a warming endpoint nothing at all.
 */
final class LeastLoaded extends Balancer {
    private final RandomGenerator random;
    private final double[] weights = new double[MOST];

    LeastLoaded(double panicBelow, RandomGenerator random) {
        super(panicBelow);
        this.random = random;
    }

    @Override
    int choose(List<? extends Candidate> candidates, long set, String path, long nowNanos) {
        double sum = 0;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            Candidate candidate = candidates.get(i);
            double weight = candidate.weight() * candidate.warmth(nowNanos);
            weights[i] = weight;
            sum += weight;
        }
        int first = draw(set, sum);
        int second = draw(set & ~(1L << first), sum - weights[first]);
        double with = (candidates.get(second).load() + 1) * weights[first];
        double without = candidates.get(first).load() * weights[second];
        return with <= without ? second : first;
    }

    @Override
    double fraction(String path) {
        return random.nextDouble();
    }

    /** A member of a set by weight; the last one if rounding leaves a rest. */
    private int draw(long set, double sum) {
        double left = random.nextDouble() * sum;
        long rest = set;
        int i = Long.numberOfTrailingZeros(rest);
        left -= weights[i];
        while (left >= 0 && (rest & (rest - 1)) != 0) {
            rest &= rest - 1;
            i = Long.numberOfTrailingZeros(rest);
            left -= weights[i];
        }
        return i;
    }
}
