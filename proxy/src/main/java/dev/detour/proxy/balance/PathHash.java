package dev.detour.proxy.balance;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The same path to the same endpoint, by weighted rendezvous hashing (Thaler and Ravishankar 1998; weights as Schindelhauer
 * and Schomaker 2005): every endpoint draws a number from the hash of path and key, and the best one, w / -ln(u), wins.
 *
 * <p>Chosen over a ring or Maglev's table because there is nothing to build: weights change all the time while an endpoint
 * warms up, endpoints come and go with health and retries, and the next best one is known for each path. At up to 64
 * endpoints the logarithms cost little, and equal weights need none. Only the paths of an endpoint that goes move; all event
 * loops and instances agree without talking, except about an endpoint that is passed over because it has more than 1.5 times
 * its part of the requests in progress.
 */
final class PathHash extends Balancer {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long TIER_SALT = 0x9e3779b97f4a7c15L;
    private static final double UNIT = 0x1p-52;

    /** Hashes of keys by slot, and the keys they belong to: a slot may get another endpoint. */
    private final @Nullable String[] keys = new @Nullable String[MOST];

    private final long[] keyHashes = new long[MOST];
    private final double[] weights = new double[MOST];

    PathHash(double panicBelow) {
        super(panicBelow);
    }

    @Override
    int choose(List<? extends Candidate> candidates, long set, String path, long nowNanos) {
        long fit = notCrowded(candidates, set);
        boolean equal = weigh(candidates, fit, nowNanos);
        long pathHash = hash(path);
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (long rest = fit; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            double drawn = unit(mix(pathHash ^ keyHash(candidates.get(i))));
            double score = equal ? drawn : weights[i] / -Math.log(drawn);
            if (score > most) {
                most = score;
                best = i;
            }
        }
        return best;
    }

    @Override
    double fraction(String path) {
        // salted: the tier must say nothing about the endpoint
        return unit(mix(hash(path) ^ TIER_SALT));
    }

    /** Notes the weights of the members, and tells whether they are equal. */
    private boolean weigh(List<? extends Candidate> candidates, long set, long nowNanos) {
        boolean equal = true;
        double first = -1;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            Candidate candidate = candidates.get(i);
            double weight = candidate.weight() * candidate.warmth(nowNanos);
            weights[i] = weight;
            if (first < 0) {
                first = weight;
            }
            equal &= weight == first;
        }
        return equal;
    }

    private long keyHash(Candidate candidate) {
        int slot = candidate.slot();
        String key = candidate.key();
        if (!key.equals(keys[slot])) {
            keys[slot] = key;
            keyHashes[slot] = mix(hash(key));
        }
        return keyHashes[slot];
    }

    /** FNV-1a of the characters before a question mark: a query does not make it another path. */
    private static long hash(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '?') {
                break;
            }
            hash = (hash ^ c) * FNV_PRIME;
        }
        return hash;
    }

    /** The finalizer of SplittableRandom's generator: every bit of the input changes half of the output. */
    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    /** Above 0 and below 1, so that its logarithm is a negative number. */
    private static double unit(long hash) {
        return ((hash >>> 12) + 0.5) * UNIT;
    }
}
