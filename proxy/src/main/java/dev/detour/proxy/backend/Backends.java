package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.config.DetourConfig;
import dev.detour.health.breaker.BackendBreaker;
import dev.detour.health.breaker.BreakerListener;
import dev.detour.health.endpoint.EndpointListener;
import dev.detour.health.endpoint.Siblings;
import dev.detour.health.overload.ClientRates;
import dev.detour.health.overload.ConcurrencyLimit;
import dev.detour.health.revocation.RevocationLists;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sets up the configured backends. */
public final class Backends {
    private Backends() {}

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
        List<Backend> backends = new ArrayList<>();
        for (BackendConfig each : config.backends().values()) {
            Siblings siblings = new Siblings(
                    each.name(),
                    each.outlier(),
                    each.balance().slowStart(),
                    each.balance().drainMargin(),
                    clock,
                    nanoClock,
                    endpoints);
            RevocationLists revocations = RevocationWatch.listsFor(each, clock);
            backends.add(new Backend(
                    backends.size(),
                    each,
                    BackendTls.contextFor(each, revocations),
                    revocations,
                    new BackendBreaker(each.name(), each.breaker(), clock, nanoClock, breakers),
                    new Endpoints(each, config.zone(), siblings),
                    new ConcurrencyLimit(each.overload(), nanoClock),
                    jsonRates(each.overload(), nanoClock)));
        }
        return List.copyOf(backends);
    }

    private static @Nullable ClientRates jsonRates(BackendConfig.Overload overload, LongSupplier nanoClock) {
        return overload.jsonPerClient() == 0
                ? null
                : new ClientRates(overload.jsonPerClient(), overload.jsonBurst(), nanoClock);
    }
}
