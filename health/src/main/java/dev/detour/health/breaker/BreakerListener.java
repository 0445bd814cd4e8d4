package dev.detour.health.breaker;

import dev.detour.health.failure.Failure;
import org.jspecify.annotations.Nullable;

/** Someone who wants to know when traffic leaves a backend and when it comes back. */
@FunctionalInterface
public interface BreakerListener {
    /**
     * A breaker changed its state. Called on the thread whose call caused it, usually an event loop: must not block.
     *
     * @param last the latest failure reported, or null if slowness alone opened it before anything failed
     */
    void onTransition(String backend, BreakerState from, BreakerState to, @Nullable Failure last);
}
