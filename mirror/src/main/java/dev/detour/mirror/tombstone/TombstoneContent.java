package dev.detour.mirror.tombstone;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tombstones as JSON: {@code {"version": 1, "changed": "…", "tombstones": [{"target": "…", "reason": "…", …}]}}.
 *
 * <p>Jackson leaves a component null when its key is absent, whatever the type says.
 *
 * @param version of this notation
 */
record TombstoneContent(
        int version, @Nullable Instant changed, @Nullable List<@Nullable Entry> tombstones) {
    private static final int VERSION = 1;

    static TombstoneContent of(Withdrawn withdrawn) {
        return new TombstoneContent(
                VERSION,
                withdrawn.changed(),
                withdrawn.tombstones().stream().map(Entry::of).toList());
    }

    Withdrawn toWithdrawn() {
        if (version != VERSION) {
            throw new IllegalArgumentException("version: " + version + " (expected: " + VERSION + ")");
        }
        if (changed == null) {
            throw new IllegalArgumentException("changed: missing (expected: an instant)");
        }
        if (tombstones == null) {
            throw new IllegalArgumentException("tombstones: missing (expected: a list)");
        }
        List<Tombstone> all = new ArrayList<>();
        Set<Target> targets = new HashSet<>();
        for (Entry entry : tombstones) {
            if (entry == null) {
                throw new IllegalArgumentException("tombstones: null entry (expected: an object)");
            }
            Tombstone tombstone = entry.toTombstone();
            if (!targets.add(tombstone.target())) {
                throw new IllegalArgumentException(
                        "target: " + tombstone.target().text() + " twice (expected: once)");
            }
            all.add(tombstone);
        }
        return new Withdrawn(all, changed);
    }

    /** One tombstone. */
    record Entry(
            @Nullable String target,
            @Nullable String reason,
            @Nullable String by,
            @Nullable Instant since) {

        private static Entry of(Tombstone tombstone) {
            return new Entry(tombstone.target().text(), tombstone.reason(), tombstone.by(), tombstone.since());
        }

        private Tombstone toTombstone() {
            if (target == null) {
                throw new IllegalArgumentException("target: missing (expected: text)");
            }
            if (reason == null) {
                throw new IllegalArgumentException("reason of " + target + ": missing (expected: text)");
            }
            if (since == null) {
                throw new IllegalArgumentException("since of " + target + ": missing (expected: an instant)");
            }
            try {
                return new Tombstone(Target.parse(target), reason, by, since);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("target: " + target + " (expected: " + e.getMessage() + ")", e);
            }
        }
    }
}
