package dev.detour.proxy.upstream;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BackendBreaker;
import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * A backend as the data path sees it; shared by all event loops.
 *
 * @param index its place among the backends, for tables indexed by backend
 * @param config what the operator wrote
 * @param tls how its endpoints are verified, or null for clear text
 * @param breaker whether it may be asked
 */
public record Backend(
        int index, BackendConfig config, @Nullable SslContext tls, BackendBreaker breaker) {
    /** The host a request means that names none. */
    public String host() {
        return config.endpoints().get(0).address().toString();
    }

    /** The configured name. */
    public String name() {
        return config.name();
    }
}
