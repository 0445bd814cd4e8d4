package dev.detour.health.crl;

import java.time.Instant;

/** How large a CRL was. */
public record CrlObservation(Instant time, long bytes, long entries) {}
