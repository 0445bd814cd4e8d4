package dev.detour.proxy.exchange;

import dev.detour.config.mode.Modes;
import dev.detour.mirror.Mirror;
import dev.detour.mirror.capture.CaptureSink;
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
    /**
     * A snapshot in which every route is tied to its backend and mirror, in normal mode.
     *
     * @param captures by the name of the mirror they copy for
     */
    public static Snapshot of(
            RouteTable routes,
            List<Backend> backends,
            Map<String, Mirror> mirrors,
            Map<String, CaptureSink> captures,
            Refusals refusals) {
        List<Plan> plans = routes.routes().stream()
                .map(route -> Plan.of(
                        route, find(backends, route.backend()), ofMirror(route, mirrors), ofMirror(route, captures)))
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

    private static <T> @Nullable T ofMirror(Route route, Map<String, T> byName) {
        String name = route.mirror();
        return name == null ? null : byName.get(name);
    }
}
