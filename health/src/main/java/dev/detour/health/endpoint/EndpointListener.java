package dev.detour.health.endpoint;

import dev.detour.health.failure.Failure;
import org.jspecify.annotations.Nullable;

/** Someone who wants to know when an endpoint loses its traffic and when it gets it back. */
@FunctionalInterface
public interface EndpointListener {
    /**
     * An endpoint's standing changed. Called on the thread that caused it, which may be an event loop, with a lock of the
     * backend held: must not block. The changes of one backend are told one at a time and in order.
     *
     * @param because why it is not up any more, or null if it is up again or nobody said
     */
    void onStanding(String backend, String endpoint, Standing from, Standing to, @Nullable Failure because);
}
