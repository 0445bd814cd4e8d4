package dev.detour.app.serve;

import dev.detour.health.breaker.BreakerListener;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.failure.Failure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators when traffic leaves a backend and when it comes back. */
final class BreakerLog implements BreakerListener {
    private static final Logger LOG = LoggerFactory.getLogger(BreakerLog.class);

    @Override
    public void onTransition(String backend, BreakerState from, BreakerState to, @Nullable Failure last) {
        if (to == BreakerState.OPEN) {
            LOG.warn(
                    "backend {}: breaker {} -> open; last failure {}",
                    backend,
                    from.label(),
                    last == null ? "none (slow calls)" : last.label() + ": " + last.detail());
        } else {
            LOG.info("backend {}: breaker {} -> {}", backend, from.label(), to.label());
        }
    }
}
