package dev.detour.proxy.exchange;

import dev.detour.config.mode.Modes;
import dev.detour.mirror.Mirror;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.refuse.Refusals;
import dev.detour.proxy.route.Route;
import dev.detour.proxy.route.RouteTable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One immutable configuration in force. An exchange keeps the snapshot it began with, so that a change never reaches into a
 * running request.
 *
 * @param routes classifies requests
 * @param plans one for each route, at its index
 * @param refusals what refused clients are told
 */
public record Snapshot(RouteTable routes, List<Plan> plans, Refusals refusals) {
    /** A snapshot in which every route is tied to its backend and mirror, in normal mode. */
    public static Snapshot of(
            RouteTable routes, List<Backend> backends, Map<String, Mirror> mirrors, Refusals refusals) {
        List<Plan> plans = routes.routes().stream()
                .map(route -> Plan.of(route, find(backends, route.backend()), mirrorOf(route, mirrors)))
                .toList();
        return new Snapshot(routes, plans, refusals);
    }

    /** The same configuration under the operator's {@code modes}. */
    public Snapshot with(Modes modes) {
        List<Plan> changed = plans.stream()
                .map(plan -> plan.with(
                        modes.ruleFor(plan.route().name(), plan.backend().name())))
                .toList();
        return new Snapshot(routes, changed, refusals);
    }

    private static Backend find(List<Backend> backends, String name) {
        return backends.stream()
                .filter(backend -> backend.name().equals(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("backend: " + name + " (expected: a configured one)"));
    }

    private static @Nullable Mirror mirrorOf(Route route, Map<String, Mirror> mirrors) {
        String name = route.mirror();
        return name == null ? null : mirrors.get(name);
    }
}
