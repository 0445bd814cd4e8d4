package dev.detour.proxy.upstream;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BackendBreaker;
import dev.detour.health.breaker.BreakerListener;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/** Sets up the configured backends. */
public final class Backends {
    private Backends() {}

    /**
     * One backend for each of {@code configs}, at its index.
     *
     * @throws BackendException if a backend's certificates cannot be used
     */
    public static List<Backend> of(
            Collection<BackendConfig> configs, Clock clock, LongSupplier nanoClock, BreakerListener listener)
            throws BackendException {
        List<Backend> backends = new ArrayList<>();
        for (BackendConfig config : configs) {
            BackendBreaker breaker = new BackendBreaker(config.name(), config.breaker(), clock, nanoClock, listener);
            backends.add(new Backend(backends.size(), config, BackendTls.contextFor(config), breaker));
        }
        return List.copyOf(backends);
    }
}
