package dev.detour.mirror.publish;

import dev.detour.mirror.store.FileVault;
import dev.detour.mirror.store.Generation;
import dev.detour.mirror.store.Generations;
import dev.detour.mirror.store.StoreException;
import dev.detour.mirror.store.StoreSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A store that follows. */
final class Edge implements AutoCloseable {
    final Generations generations;
    final Follower follower;

    final FileVault files;

    Edge(Path directory, PublicKey key, URI url, Clock clock) throws StoreException {
        this(directory, key, url, Follower.ReleaseFiles.NONE, clock);
    }

    Edge(Path directory, PublicKey key, URI url, Follower.ReleaseFiles wanted, Clock clock) throws StoreException {
        this.generations =
                Generations.open(directory, key, StoreSettings.defaults().withKeep(3));
        this.follower = Follower.open(directory, generations, key, url, wanted, clock, Duration.ofMillis(500));
        this.files = FileVault.reading(directory);
    }

    /** The number that is served; 0 for none. */
    long served() {
        try (Generation.Lease lease = generations.current()) {
            return lease == null ? 0 : lease.generation().number();
        }
    }

    Instant confirmedAt() {
        try (Generation.Lease lease = Objects.requireNonNull(generations.current())) {
            return lease.generation().confirmedAt();
        }
    }

    @Nullable String page(String project) throws StoreException {
        try (Generation.Lease lease = Objects.requireNonNull(generations.current())) {
            byte[] page = lease.generation().view().page(project);
            return page == null ? null : new String(page, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws StoreException {
        follower.close();
        generations.close();
    }
}
