package dev.detour.fleet;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drains of a single instance, in {@code drains.json}. Every method but {@link #current} needs the lock of its owner. */
final class LocalDrains {
    private static final Logger log = LoggerFactory.getLogger(LocalDrains.class);

    private final StateFile<Drains, DrainContent> file;
    private final AuditLog audit;
    private final @Nullable Path setAside;
    private final Listeners<Drains> listeners = new Listeners<>("drains");
    private volatile Drains current;

    private LocalDrains(StateFile<Drains, DrainContent> file, AuditLog audit, Drains start, @Nullable Path setAside) {
        this.file = file;
        this.audit = audit;
        this.current = start;
        this.setAside = setAside;
    }

    static LocalDrains open(Path directory, AuditLog audit, Instant now) throws StateException {
        StateFile<Drains, DrainContent> file = DrainContent.file(directory);
        StateFile.Found<Drains> found = file.open(now, "NO ENDPOINT IS DRAINED, drain again what should be");
        Drains start = found.value() == null ? Drains.NONE : found.value();
        if (found.setAside() != null) {
            // A version seen before the damage must match none from after it. Nobody drains a billion times.
            start = new Drains(now.getEpochSecond(), List.of());
            file.write(start);
        }
        return new LocalDrains(file, audit, start, found.setAside());
    }

    Drains current() {
        return current;
    }

    Optional<Path> setAside() {
        return Optional.ofNullable(setAside);
    }

    Listeners<Drains> listeners() {
        return listeners;
    }

    void add(Consumer<Drains> listener) {
        listeners.add(listener, current);
    }

    /** Compares and sets; see {@link OperatorState#drain}. */
    Drains set(Drain drain, boolean drained, @Nullable Long expectedVersion) throws StateException, ConflictException {
        Drains before = current;
        if (expectedVersion != null && expectedVersion != before.version()) {
            throw new ConflictException(expectedVersion, before.version());
        }
        Drains next = drained ? before.with(drain) : before.without(drain.backend(), drain.endpoint());
        if (next.version() == before.version()) {
            return before;
        }
        file.write(next);
        audit.drained(drain, drained, next.version());
        current = next;
        log.info(
                "endpoint {} of backend {} is {}",
                drain.endpoint(),
                drain.backend(),
                drained ? "drained" : "no longer drained");
        listeners.tellAll(next);
        return next;
    }
}
