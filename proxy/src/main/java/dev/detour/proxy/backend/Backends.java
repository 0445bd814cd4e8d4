package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.config.DetourConfig;
import dev.detour.health.breaker.BackendBreaker;
import dev.detour.health.breaker.BreakerListener;
import dev.detour.health.endpoint.EndpointListener;
import dev.detour.health.endpoint.Siblings;
import dev.detour.health.overload.ClientRates;
import dev.detour.health.overload.ConcurrencyLimit;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sets up the configured backends. */
public final class Backends {
    private final @Nullable String zone;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final BreakerListener breakers;
    private final EndpointListener endpoints;

    private Backends(
            @Nullable String zone,
            Clock clock,
            LongSupplier nanoClock,
            BreakerListener breakers,
            EndpointListener endpoints) {
        this.zone = zone;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.breakers = breakers;
        this.endpoints = endpoints;
    }

    /**
     * One backend for each that is configured, at its index.
     *
     * @throws BackendException if a backend's certificates cannot be used
     */
    public static List<Backend> of(
            DetourConfig config,
            Clock clock,
            LongSupplier nanoClock,
            BreakerListener breakers,
            EndpointListener endpoints)
            throws BackendException {
        Backends makers = new Backends(config.zone(), clock, nanoClock, breakers, endpoints);
        List<Backend> backends = new ArrayList<>();
        for (BackendConfig backend : config.backends().values()) {
            backends.add(makers.make(backends.size(), backend));
        }
        return List.copyOf(backends);
    }

    private Backend make(int index, BackendConfig config) throws BackendException {
        BackendConfig.Overload overload = config.overload();
        Siblings siblings = new Siblings(
                config.name(), config.outlier(), config.balance().slowStart(), clock, nanoClock, endpoints);
        return new Backend(
                index,
                config,
                BackendTls.contextFor(config),
                new BackendBreaker(config.name(), config.breaker(), clock, nanoClock, breakers),
                new Endpoints(config, zone, siblings),
                new ConcurrencyLimit(overload, nanoClock),
                overload.jsonPerClient() == 0
                        ? null
                        : new ClientRates(overload.jsonPerClient(), overload.jsonBurst(), nanoClock));
    }
}
