package dev.detour.proxy.observe;

import dev.detour.health.endpoint.Standing;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.backend.Endpoint;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The meters of backends and their endpoints, which come and go with the names they are configured by. */
public final class EndpointMeters {
    private final List<Backend> backends;
    private final MultiGauge up;
    private final MultiGauge drained;
    private List<Endpoint> shown = List.of();

    /** Meters in {@code registry}; endpoints appear with {@link #refresh()}. */
    public EndpointMeters(MeterRegistry registry, List<Backend> backends) {
        this.backends = backends;
        this.up = MultiGauge.builder("detour.endpoint.up")
                .description("1 if nothing measured speaks against the endpoint")
                .register(registry);
        this.drained = MultiGauge.builder("detour.endpoint.drained")
                .description("1 if the operator wants the endpoint to get nothing new")
                .register(registry);
        for (Backend backend : backends) {
            gauge(
                    registry,
                    backend,
                    "limit",
                    "Requests that may be in progress",
                    watched -> watched.limit().limit());
            gauge(
                    registry,
                    backend,
                    "in.flight",
                    "Requests in progress",
                    watched -> watched.limit().inFlight());
            gauge(
                    registry,
                    backend,
                    "queued",
                    "Requests that wait for room",
                    watched -> watched.queued().get());
        }
    }

    private static void gauge(
            MeterRegistry registry, Backend backend, String name, String description, ToDoubleFunction<Backend> value) {
        Gauge.builder("detour.backend." + name, backend, value)
                .description(description)
                .tag("backend", backend.name())
                .register(registry);
    }

    /** Shows the endpoints there are now; call it now and then, on one thread at a time. */
    public synchronized void refresh() {
        List<Endpoint> now = new ArrayList<>();
        List<MultiGauge.Row<?>> ups = new ArrayList<>();
        List<MultiGauge.Row<?>> drains = new ArrayList<>();
        for (Backend backend : backends) {
            for (Endpoint endpoint : backend.endpoints().now()) {
                Tags tags = Tags.of("backend", backend.name(), "endpoint", endpoint.name());
                now.add(endpoint);
                ups.add(MultiGauge.Row.of(tags, endpoint, each -> each.standing() == Standing.UP ? 1 : 0));
                drains.add(MultiGauge.Row.of(tags, endpoint, each -> each.drained() ? 1 : 0));
            }
        }
        if (!now.equals(shown)) {
            shown = now;
            up.register(ups, true);
            drained.register(drains, true);
        }
    }
}
