package dev.detour.admin.mirror;

import dev.detour.mirror.tombstone.Tombstone;
import dev.detour.mirror.tombstone.Withdrawn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tombstones in force as JSON, in the order in which they were put. */
public record TombstonesView(List<View> tombstones) {
    static TombstonesView of(Withdrawn withdrawn) {
        return new TombstonesView(withdrawn.tombstones().stream().map(View::of).toList());
    }

    /** One {@link Tombstone}; {@code target} as it is written. */
    public record View(
            String target, String reason, @Nullable String by, Instant since) {
        static View of(Tombstone tombstone) {
            return new View(tombstone.target().text(), tombstone.reason(), tombstone.by(), tombstone.since());
        }
    }
}
