package dev.detour.mirror.tombstone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tombstones of this instance, in {@code tombstones.json} of its state directory: what must not be served from mirrors
 * although they have it, such as malware that the index has removed.
 *
 * <p>One is in force for every mirror as soon as {@link #add} returns, and durable before. It binds mirrors only: what a
 * healthy backend serves is passed on, and the answers of the backend that the cache has kept have to be purged by whoever
 * adds one.
 *
 * <p>A damaged file is refused: to go on without it would be to serve what was withheld.
 *
 * <p>Thread-safe. Reading takes no lock and may be done on an event loop.
 */
public final class Tombstones {
    private static final Logger log = LoggerFactory.getLogger(Tombstones.class);

    private final TombstoneFile file;
    private final Clock clock;
    private final Object lock = new Object();
    private volatile Withdrawn inForce;

    private Tombstones(TombstoneFile file, Clock clock, Withdrawn start) {
        this.file = file;
        this.clock = clock;
        this.inForce = start;
    }

    /**
     * Those kept in a state directory, which is created if absent.
     *
     * @throws IOException if they cannot be read or make no sense; the message is one line that names the file
     */
    public static Tombstones open(Path directory, Clock clock) throws IOException {
        TombstoneFile file = new TombstoneFile(directory);
        Withdrawn found = file.read();
        if (!found.isEmpty()) {
            log.info("tombstones in force: {}", found.tombstones().size());
        }
        return new Tombstones(file, clock, found);
    }

    /** All in force now; ask again for every request. */
    public Withdrawn inForce() {
        return inForce;
    }

    /**
     * What came of {@link #add}.
     *
     * @param tombstone the one in force
     * @param added false if it was there before: reason and time are those given first
     */
    public record Added(Tombstone tombstone, boolean added) {}

    /**
     * Withholds something.
     *
     * @throws IOException if it could not be made durable; what is in force is then what it was
     */
    public Added add(Target target, String reason, @Nullable String by) throws IOException {
        synchronized (lock) {
            Tombstone before = inForce.on(target);
            if (before != null) {
                return new Added(before, false);
            }
            Tombstone tombstone = new Tombstone(target, reason, by, clock.instant());
            List<Tombstone> all = new ArrayList<>(inForce.tombstones());
            all.add(tombstone);
            replaceBy(all);
            log.info("tombstone on {}: {}", target.text(), reason);
            return new Added(tombstone, true);
        }
    }

    /**
     * Lets something be served again.
     *
     * @return the tombstone that stood on it, or null if there was none
     * @throws IOException if it could not be made durable; what is in force is then what it was
     */
    public @Nullable Tombstone remove(Target target) throws IOException {
        synchronized (lock) {
            Tombstone tombstone = inForce.on(target);
            if (tombstone != null) {
                List<Tombstone> all = new ArrayList<>(inForce.tombstones());
                all.remove(tombstone);
                replaceBy(all);
                log.info("tombstone on {} removed", target.text());
            }
            return tombstone;
        }
    }

    private void replaceBy(List<Tombstone> all) throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant last = inForce.changed();
        // HTTP dates have seconds, and clocks are set back: two sets must never look like one
        Instant changed = last == null || now.isAfter(last) ? now : last.plusSeconds(1);
        Withdrawn next = new Withdrawn(all, changed);
        file.write(next);
        inForce = next;
    }

    /** What stands near a target that has no tombstone: those of the same project, else those spelled much like it. */
    public List<String> near(Target target) {
        return Nearness.of(target, inForce.tombstones());
    }
}
