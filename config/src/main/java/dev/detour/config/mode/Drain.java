package dev.detour.config.mode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operator's wish that an endpoint finishes what it has and gets nothing new. It says nothing about its health.
 *
 * @param backend configured name
 * @param endpoint {@code host:port} as configured, which means every address of that name, or as connected to
 * @param since when it was wished
 * @param reason why, for other operators; or null
 */
public record Drain(
        String backend,
        String endpoint,
        Instant since,
        @Nullable String reason) {

    boolean isFor(String otherBackend, String otherEndpoint) {
        return backend.equals(otherBackend) && endpoint.equals(otherEndpoint);
    }
}
