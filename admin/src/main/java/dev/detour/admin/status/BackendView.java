package dev.detour.admin.status;

import dev.detour.config.mode.Drains;
import dev.detour.health.endpoint.BackendStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BackendStatus} as JSON.
 *
 * @param usable how many endpoints are up and not drained
 * @param limit how many requests may be in progress
 * @param inFlight how many are
 * @param queued how many wait
 * @param unresolved configured host names without an address or whose last look-up failed, with the reason
 */
record BackendView(
        String backend,
        Breaker breaker,
        int usable,
        int limit,
        int inFlight,
        int queued,
        List<EndpointView> endpoints,
        Map<String, String> unresolved) {

    static BackendView of(BackendStatus status, Drains drains) {
        List<EndpointView> endpoints = status.endpoints().stream()
                .map(endpoint -> EndpointView.of(status.backend(), endpoint, drains))
                .toList();
        return new BackendView(
                status.backend(),
                new Breaker(
                        status.breaker().label(),
                        status.since(),
                        status.nextTrial(),
                        FailureView.of(status.lastFailure())),
                (int) endpoints.stream().filter(EndpointView::usable).count(),
                status.limit(),
                status.inFlight(),
                status.queued(),
                endpoints,
                new TreeMap<>(status.unresolved()));
    }

    /** The endpoints that {@code name} means: one by its address, or each address of a configured name. */
    List<EndpointView> called(String name) {
        return endpoints.stream().filter(endpoint -> endpoint.isCalled(name)).toList();
    }

    /** Whether {@code name} is an endpoint here, be it one whose name has no address at the moment. */
    boolean knows(String name) {
        return !called(name).isEmpty()
                || unresolved.keySet().stream().anyMatch(host -> name.matches("\\Q" + host + "\\E(:\\d{1,5})?"));
    }

    /** What endpoints can be called, for messages. */
    String names() {
        TreeSet<String> names = new TreeSet<>(unresolved.keySet());
        endpoints.forEach(endpoint -> names.addAll(List.of(endpoint.endpoint(), endpoint.configured())));
        return names.isEmpty() ? "none is known now" : "one of " + String.join(", ", names);
    }

    /**
     * Whether the backend gets traffic.
     *
     * @param state label of the state
     * @param since when it last changed
     * @param nextTrial when an open breaker lets trial calls through
     * @param lastFailure the latest failure that counted
     */
    record Breaker(
            String state,
            Instant since,
            @Nullable Instant nextTrial,
            @Nullable FailureView lastFailure) {}
}
