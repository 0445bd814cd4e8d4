package dev.detour.proxy.upstream;

import dev.detour.health.failure.Failure;

/** Who waits for a connection from an {@link UpstreamPool}; called once, on the pool's event loop. */
public interface LeaseListener {
    /** A connection that is this listener's alone until it is released or closed. */
    void onLeased(UpstreamConnection connection);

    /** No connection could be made. */
    void onLeaseFailed(Failure failure);
}
