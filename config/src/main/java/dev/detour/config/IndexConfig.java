package dev.detour.config;

import org.jspecify.annotations.Nullable;

/**
 * The index served, expanded to routes by its preset.
 *
 * @param preset name of the route set; {@code pypi} is the only one
 * @param backend name of the backend that answers
 * @param mirror name of the mirror to divert to, or null for none
 */
public record IndexConfig(
        String preset, String backend, @Nullable String mirror) {}
