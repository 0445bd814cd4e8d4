package dev.detour.proxy.exchange;

import dev.detour.config.mode.ModeRule;
import dev.detour.mirror.Mirror;
import dev.detour.proxy.route.Route;
import dev.detour.proxy.upstream.Backend;
import org.jspecify.annotations.Nullable;

/**
 * Everything known beforehand about requests of one route.
 *
 * @param route the route
 * @param backend who answers
 * @param mirror what {@code mirror} in the route's fallback means, or null
 * @param mode the operator's wish for this route, or null for normal
 */
public record Plan(
        Route route,
        Backend backend,
        @Nullable Mirror mirror,
        @Nullable ModeRule mode) {}
