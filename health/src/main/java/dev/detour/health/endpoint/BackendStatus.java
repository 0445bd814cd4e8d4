package dev.detour.health.endpoint;

import dev.detour.health.breaker.BreakerState;
import dev.detour.health.failure.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One backend at one moment, for people.
 *
 * @param backend configured name
 * @param breaker whether it gets traffic
 * @param since when the breaker last changed its state
 * @param nextTrial when an open breaker lets trial calls through, or null
 * @param lastFailure the latest failure that counted, or null
 * @param limit how many requests may be in progress
 * @param inFlight how many are
 * @param queued how many wait
 * @param endpoints those known now; empty while a name has not been resolved
 * @param unresolved configured host names without an address or whose last look-up failed, with the reason
 */
public record BackendStatus(
        String backend,
        BreakerState breaker,
        Instant since,
        @Nullable Instant nextTrial,
        @Nullable Failure lastFailure,
        int limit,
        int inFlight,
        int queued,
        List<EndpointStatus> endpoints,
        Map<String, String> unresolved) {
    public BackendStatus {
        endpoints = List.copyOf(endpoints);
        unresolved = Map.copyOf(unresolved);
    }
}
