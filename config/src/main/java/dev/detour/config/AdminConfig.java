package dev.detour.config;

import java.nio.file.Path;

/**
 * The operator's listener.
 *
 * @param address where the admin API listens
 * @param tokenFile holds the bearer token; created with mode 0600 if absent
 */
public record AdminConfig(HostPort address, Path tokenFile) {}
