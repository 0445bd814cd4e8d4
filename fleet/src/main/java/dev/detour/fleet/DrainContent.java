package dev.detour.fleet;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.fleet.StateFile.DamagedException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The drains as JSON: {@code {"version": 1, "drainsVersion": 7, "drains": [{"backend": "…", "endpoint": "…", …}]}}.
 *
 * <p>Jackson leaves a component null when its key is absent, whatever the type says.
 *
 * @param version of this notation
 * @param drainsVersion that of {@link Drains}
 */
record DrainContent(
        int version, @Nullable Long drainsVersion, @Nullable List<@Nullable Entry> drains) {
    private static final int VERSION = 1;

    static StateFile<Drains, DrainContent> file(Path directory) {
        return new StateFile<>(directory, "drains.json", DrainContent.class, DrainContent::of, DrainContent::toDrains);
    }

    private static DrainContent of(Drains drains) {
        return new DrainContent(
                VERSION,
                drains.version(),
                drains.drains().stream().map(Entry::of).toList());
    }

    private Drains toDrains() throws DamagedException {
        if (version != VERSION) {
            throw new DamagedException("version: " + version + " (expected: " + VERSION + ")");
        }
        if (drainsVersion == null || drainsVersion < 0) {
            throw new DamagedException("drainsVersion: " + drainsVersion + " (expected: a number from 0)");
        }
        if (drains == null) {
            throw new DamagedException("drains: missing (expected: a list)");
        }
        List<Drain> found = new ArrayList<>();
        for (Entry entry : drains) {
            if (entry == null) {
                throw new DamagedException("drains: null entry (expected: an object)");
            }
            Drain drain = entry.toDrain();
            if (new Drains(0, found).contains(drain.backend(), drain.endpoint())) {
                throw new DamagedException(
                        "endpoint: " + drain.endpoint() + " of backend " + drain.backend() + " twice (expected: once)");
            }
            found.add(drain);
        }
        return new Drains(drainsVersion, found);
    }

    /** One drain. */
    record Entry(
            @Nullable String backend,
            @Nullable String endpoint,
            @Nullable Instant since,
            @Nullable String reason) {

        private static Entry of(Drain drain) {
            return new Entry(drain.backend(), drain.endpoint(), drain.since(), drain.reason());
        }

        private Drain toDrain() throws DamagedException {
            if (backend == null) {
                throw new DamagedException("backend: missing (expected: a name)");
            }
            if (endpoint == null) {
                throw new DamagedException("endpoint: missing (expected: host:port)");
            }
            if (since == null) {
                throw new DamagedException("since: missing (expected: an instant)");
            }
            return new Drain(backend, endpoint, since, reason);
        }
    }
}
