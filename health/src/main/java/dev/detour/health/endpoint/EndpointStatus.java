package dev.detour.health.endpoint;

import dev.detour.health.failure.Failure;
import dev.detour.health.tls.PeerValidity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint at one moment, for people.
 *
 * @param endpoint {@code host:port} that is connected to; for an endpoint configured by name, one of its addresses
 * @param configured {@code host:port} as configured; equal to {@code endpoint} unless that came from a name
 * @param priority configured tier
 * @param weight configured weight
 * @param zone configured zone, or null
 * @param standing what measurements say
 * @param drained whether the operator wants it to get nothing new
 * @param since when {@code standing} last changed
 * @param failure why it is not up, or the latest failure while it was; null if it never failed
 * @param lastGood when it last answered, traffic or probe; null if it never did
 * @param until when an ejection ends, or null if it is not ejected
 * @param certificate of its chain the one that ends first, as probes see it; null if none has seen it
 * @param inUse requests in progress
 */
public record EndpointStatus(
        String endpoint,
        String configured,
        int priority,
        int weight,
        @Nullable String zone,
        Standing standing,
        boolean drained,
        Instant since,
        @Nullable Failure failure,
        @Nullable Instant lastGood,
        @Nullable Instant until,
        @Nullable PeerValidity certificate,
        int inUse) {}
