package dev.detour.app.serve;

import dev.detour.health.endpoint.EndpointListener;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators when an endpoint gets no traffic any more, and why, and when it does again. */
final class EndpointLog implements EndpointListener {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointLog.class);

    @Override
    public void onStanding(String backend, String endpoint, Standing from, Standing to, @Nullable Failure because) {
        if (to == Standing.UP) {
            LOG.info("backend {}: endpoint {} {} -> up", backend, endpoint, from.label());
        } else {
            LOG.warn(
                    "backend {}: endpoint {} {} -> {}; {}",
                    backend,
                    endpoint,
                    from.label(),
                    to.label(),
                    to == Standing.EXPIRING
                            ? "its certificate ends soon, and that of another endpoint later"
                            : because == null ? "no failure seen" : because.label() + ": " + because.detail());
        }
    }
}
