package dev.detour.config;

import org.jspecify.annotations.Nullable;

/**
 * What refused clients are told.
 *
 * @param statusUrl page that says more, named in every refusal, or null
 * @param uploadOutageStatus 403 or 503: status of an upload refused in an outage. 403 makes twine try once; 503 makes it
 *     send the whole file five times
 */
public record RefusalConfig(@Nullable String statusUrl, int uploadOutageStatus) {}
