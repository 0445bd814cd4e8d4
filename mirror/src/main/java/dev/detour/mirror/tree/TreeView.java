package dev.detour.mirror.tree;

import dev.detour.mirror.MirrorStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the tree as a whole: where it is, how old its state is, which projects it lists. */
sealed interface TreeView {
    MirrorStatus status(Instant now, Duration maxAge);

    /** A tree that cannot be served. */
    record Unfit(@Nullable Instant taken, String problem) implements TreeView {
        @Override
        public MirrorStatus status(Instant now, Duration maxAge) {
            return new MirrorStatus(false, taken == null ? null : age(taken, now), problem);
        }
    }

    /**
     * A tree that can be served while it is young enough.
     *
     * @param place where it is, for messages
     * @param taken start of the last complete synchronisation
     * @param names normalised names of all projects
     */
    record Whole(String place, TreeSource paths, Instant taken, Set<String> names) implements TreeView {
        /** Clocks of two machines differ a little; a copy from a later future has no known age. */
        private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

        @Override
        public MirrorStatus status(Instant now, Duration maxAge) {
            if (taken.isAfter(now.plus(CLOCK_SKEW))) {
                return new MirrorStatus(
                        false,
                        null,
                        place + "/" + TreeWatch.LAST_MODIFIED + " is " + taken + ", which lies ahead of the clock");
            }
            Duration age = age(taken, now);
            if (age.compareTo(maxAge) > 0) {
                return new MirrorStatus(
                        false,
                        age,
                        "the tree " + place + " is " + age.toSeconds() + " s old (limit: " + maxAge.toSeconds()
                                + " s)");
            }
            return new MirrorStatus(true, age, names.size() + " projects, " + age.toSeconds() + " s old");
        }
    }

    private static Duration age(Instant taken, Instant now) {
        return taken.isAfter(now) ? Duration.ZERO : Duration.between(taken, now);
    }
}
