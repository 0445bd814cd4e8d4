package dev.detour.health.probe;

import dev.detour.health.failure.Failure;
import dev.detour.health.tls.PeerValidity;
import org.jspecify.annotations.Nullable;

/** Who hears of an endpoint's probes; called on the prober's loop. */
public interface ProbeListener {
    /** What the server's certificates say; told after each handshake that came about, before what comes of the probe. */
    default void onPeer(PeerValidity peer) {}

    /**
     * The outcome of one probe.
     *
     * @param failure what went wrong, or null if the endpoint is fit
     * @param nanos how long it took
     */
    void onProbe(@Nullable Failure failure, long nanos);

    /**
     * The endpoint's standing by its probes. Told after the first outcome, which decides at once, and each time it flips;
     * after {@link #onProbe} for the same outcome.
     *
     * @param up whether it is fit
     * @param failure the last probe's failure; present exactly when it is not
     */
    void onVerdict(boolean up, @Nullable Failure failure);
}
