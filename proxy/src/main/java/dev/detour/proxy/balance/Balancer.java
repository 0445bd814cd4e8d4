package dev.detour.proxy.balance;

import dev.detour.config.BackendConfig;
import dev.detour.health.endpoint.Standing;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The choice of one of a backend's endpoints. One instance for each event loop and backend: not thread-safe, and therefore
 * without locks. A pick allocates nothing.
 *
 * <p><b>Who may be asked.</b> Drained and tried endpoints never. Those that are {@link Standing#UP} first; if the share of
 * them (by weight, drained ones left out) is below the panic threshold, ejected ones as well; if none of those is left,
 * ejected ones, and last rejected ones and those that are down (expiring ones count as ejected): only the breaker diverts traffic, never the balancer, which
 * returns {@link #NONE} only if nobody is left at all.
 *
 * <p><b>Room.</b> Full endpoints are passed over in favour of any other of the same rank, whatever its zone or tier: to be
 * served from farther away is better than to wait. A lower rank is not asked because of fullness: {@link #FULL}.
 *
 * <p><b>Tiers.</b> A tier takes 1.4 times its healthy share of the traffic, but no more than the tiers before it left over,
 * so that tier 0 keeps everything until it is under 71 % healthy and then leaks gradually (Envoy's priority levels). If all
 * tiers together do not reach the whole, each takes its part of the sum.
 *
 * <p><b>Zones.</b> Within a tier local endpoints are preferred as long as at least half of them can be asked. Drained ones
 * count as lost here, because the traffic of a zone would fall on the few that are left.
 */
public abstract sealed class Balancer permits LeastLoaded, RoundRobin, PathHash {
    /** Nobody may be asked: all are drained or tried, or there are none. */
    public static final int NONE = -1;

    /** Those that should be asked have no room: wait. */
    public static final int FULL = -2;

    /** The most endpoints that a backend may have: sets of them are the bits of a long. */
    public static final int MOST = Long.SIZE;

    /** A tier gets all the traffic until it is less than 1 / 1.4 = 71 % healthy. */
    private static final double OVERPROVISION = 1.4;

    /** Requests in progress at an endpoint that are never too many. */
    private static final int FEW = 4;

    private final double panicBelow;
    private final Tiers tiers = new Tiers();

    // what the pick in progress found, as sets of indexes; open: neither drained nor tried; up and ejected: not drained
    private long open;
    private long up;
    private long ejected;
    private long local;

    Balancer(double panicBelow) {
        this.panicBelow = panicBelow;
    }

    /** A balancer by the configured rule; {@code random} is used by this instance only. */
    public static Balancer of(BackendConfig.Balance config, RandomGenerator random) {
        return switch (config.policy()) {
            case LEAST_LOADED -> new LeastLoaded(config.panicBelow(), random);
            case ROUND_ROBIN -> new RoundRobin(config.panicBelow(), random);
            case PATH_HASH -> new PathHash(config.panicBelow());
        };
    }

    /**
     * Picks an endpoint.
     *
     * @param candidates at most {@link #MOST}, each with a slot of its own
     * @param tried slots of the endpoints already tried, as bits
     * @param path the request target; what follows a question mark does not matter
     * @param nowNanos the time, as {@link System#nanoTime()}
     * @return an index into {@code candidates}, {@link #NONE} or {@link #FULL}
     * @throws IllegalArgumentException if there are too many candidates
     */
    public final int pick(List<? extends Candidate> candidates, long tried, String path, long nowNanos) {
        return pick(candidates, tried, path, nowNanos, false);
    }

    /** As {@link #pick(List, long, String, long)}, for a request that may not wait: where nobody has room, as if all had. */
    public final int pickCrowded(List<? extends Candidate> candidates, long tried, String path, long nowNanos) {
        return pick(candidates, tried, path, nowNanos, true);
    }

    private int pick(List<? extends Candidate> candidates, long tried, String path, long nowNanos, boolean crowd) {
        int count = candidates.size();
        if (count == 1) {
            return only(candidates.get(0), tried, crowd);
        }
        if (count > MOST) {
            throw new IllegalArgumentException("candidates: " + count + " (expected: at most " + MOST + ")");
        }
        look(candidates, count, tried);
        long asked = rank();
        if (asked == 0) {
            return NONE;
        }
        long free = withRoom(candidates, asked);
        if (free == 0 && !crowd) {
            return FULL;
        }
        if (free == 0) {
            free = asked;
        }
        long set = near(free, path);
        return (set & (set - 1)) == 0 ? Long.numberOfTrailingZeros(set) : choose(candidates, set, path, nowNanos);
    }

    /**
     * Leaves out of {@code set} those with more than 1.5 times their fair part of what is in progress, so that an endpoint which
     * hangs does not collect all the requests that may be (consistent hashing with bounded loads, Mirrokni et al. 2016). A few
     * requests say nothing. Never empty.
     */
    static long notCrowded(List<? extends Candidate> candidates, long set) {
        long load = 0;
        long weight = 0;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            Candidate candidate = candidates.get(Long.numberOfTrailingZeros(rest));
            load += candidate.load();
            weight += candidate.weight();
        }
        long left = set;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            Candidate candidate = candidates.get(Long.numberOfTrailingZeros(rest));
            if (2L * (candidate.load() - FEW) * weight > 3 * load * candidate.weight()) {
                left &= ~Long.lowestOneBit(rest);
            }
        }
        return left;
    }

    /** One of at least two endpoints that are equally fit. */
    abstract int choose(List<? extends Candidate> candidates, long set, String path, long nowNanos);

    /** A number from 0 to below 1 that spreads requests over tiers. */
    abstract double fraction(String path);

    private static int only(Candidate candidate, long tried, boolean crowd) {
        if (candidate.drained() || isTried(candidate, tried)) {
            return NONE;
        }
        return crowd || candidate.hasRoom() ? 0 : FULL;
    }

    private static boolean isTried(Candidate candidate, long tried) {
        return (tried >>> candidate.slot() & 1) != 0;
    }

    private void look(List<? extends Candidate> candidates, int count, long tried) {
        open = 0;
        up = 0;
        ejected = 0;
        local = 0;
        tiers.clear();
        for (int i = 0; i < count; i++) {
            Candidate candidate = candidates.get(i);
            long bit = 1L << i;
            if (candidate.local()) {
                local |= bit;
            }
            Standing standing = candidate.standing();
            boolean drained = candidate.drained();
            if (!drained) {
                if (!isTried(candidate, tried)) {
                    open |= bit;
                }
                if (standing == Standing.UP) {
                    up |= bit;
                } else if (standing.standsBy()) {
                    ejected |= bit;
                }
            }
            tiers.add(candidate.priority(), bit, candidate.weight(), drained, standing);
        }
    }

    /** The endpoints that should be asked, or none. */
    private long rank() {
        long eligible = tiers.panic(panicBelow) ? up | ejected : up;
        if ((open & eligible) != 0) {
            return open & eligible;
        }
        return (open & ejected) != 0 ? open & ejected : open;
    }

    private static long withRoom(List<? extends Candidate> candidates, long set) {
        long free = 0;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            if (candidates.get(Long.numberOfTrailingZeros(rest)).hasRoom()) {
                free |= Long.lowestOneBit(rest);
            }
        }
        return free;
    }

    /** Those of {@code free} that are in the tier and zone of choice; if there are none, farther ones. */
    private long near(long free, String path) {
        long tier = tiers.single() ? -1L : tiers.choose(free, fraction(path));
        long set = free & tier;
        long inZone = local & tier;
        boolean zoneFit = 2 * Long.bitCount(inZone & up) >= Long.bitCount(inZone);
        return zoneFit && (set & inZone) != 0 ? set & inZone : set;
    }

    /** The tiers of one pick, the first first. Its arrays are kept from pick to pick. */
    private static final class Tiers {
        private final int[] priority = new int[MOST];
        private final long[] members = new long[MOST];
        private final double[] total = new double[MOST];
        private final double[] up = new double[MOST];
        private final double[] ejected = new double[MOST];
        private int count;
        private boolean panic;

        void clear() {
            count = 0;
        }

        boolean single() {
            return count == 1;
        }

        void add(int tier, long bit, int weight, boolean drained, Standing standing) {
            int at = find(tier);
            members[at] |= bit;
            if (drained) {
                return;
            }
            total[at] += weight;
            if (standing == Standing.UP) {
                up[at] += weight;
            } else if (standing.standsBy()) {
                ejected[at] += weight;
            }
        }

        private int find(int tier) {
            int at = count;
            while (at > 0 && priority[at - 1] > tier) {
                at--;
            }
            if (at > 0 && priority[at - 1] == tier) {
                return at - 1;
            }
            for (int i = count; i > at; i--) {
                move(i - 1, i);
            }
            count++;
            priority[at] = tier;
            members[at] = 0;
            total[at] = 0;
            up[at] = 0;
            ejected[at] = 0;
            return at;
        }

        private void move(int from, int to) {
            priority[to] = priority[from];
            members[to] = members[from];
            total[to] = total[from];
            up[to] = up[from];
            ejected[to] = ejected[from];
        }

        /** Whether so few are up that ejected ones have to help; holds until the next {@link #clear}. */
        boolean panic(double below) {
            double allUp = 0;
            double all = 0;
            for (int i = 0; i < count; i++) {
                allUp += up[i];
                all += total[i];
            }
            panic = allUp < below * all;
            return panic;
        }

        /** The members of the tier whose turn it is, or of the first tier with any of {@code free} if it has none. */
        long choose(long free, double fraction) {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += appetite(i);
            }
            double at = fraction * Math.min(1, sum);
            for (int i = 0; i < count; i++) {
                double share = appetite(i);
                if (at < share && (members[i] & free) != 0) {
                    return members[i];
                }
                if (at < share) {
                    break;
                }
                at -= share;
            }
            return firstWith(free);
        }

        /** The share of all traffic that a tier can take. */
        private double appetite(int tier) {
            double able = panic ? up[tier] + ejected[tier] : up[tier];
            return able == 0 ? 0 : Math.min(1, OVERPROVISION * able / total[tier]);
        }

        private long firstWith(long free) {
            for (int i = 0; i < count; i++) {
                if ((members[i] & free) != 0) {
                    return members[i];
                }
            }
            throw new IllegalStateException("no tier has any of " + Long.toBinaryString(free));
        }
    }
}
