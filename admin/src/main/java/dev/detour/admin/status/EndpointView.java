package dev.detour.admin.status;

import dev.detour.config.mode.Drain;
import dev.detour.config.mode.Drains;
import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.tls.PeerValidity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EndpointStatus} as JSON.
 *
 * @param standing label of the measured {@link Standing}
 * @param since when {@code standing} last changed
 * @param failure why it is not up, or its latest failure while it was
 * @param lastGood when it last answered
 * @param ejectedUntil when an ejection ends
 * @param certificate of its chain the one that ends first
 * @param drained the operator's wish; that of the state and not of the measurement, so that it fits the version beside it
 * @param drain what was wished and when, exactly if {@code drained}
 * @param inUse requests in progress
 */
record EndpointView(
        String endpoint,
        String configured,
        String standing,
        Instant since,
        @Nullable FailureView failure,
        @Nullable Instant lastGood,
        @Nullable Instant ejectedUntil,
        @Nullable CertificateView certificate,
        boolean drained,
        @Nullable DrainView drain,
        int inUse,
        int weight,
        int priority,
        @Nullable String zone) {

    static EndpointView of(String backend, EndpointStatus status, Drains drains) {
        Drain drain = drains.applyingTo(backend, status.endpoint(), status.configured());
        return new EndpointView(
                status.endpoint(),
                status.configured(),
                status.standing().label(),
                status.since(),
                FailureView.of(status.failure()),
                status.lastGood(),
                status.until(),
                CertificateView.of(status.certificate()),
                drain != null,
                drain == null ? null : new DrainView(drain.endpoint(), drain.since(), drain.reason()),
                status.inUse(),
                status.weight(),
                status.priority(),
                status.zone());
    }

    /** A certificate as JSON. */
    record CertificateView(String subject, String serial, Instant notBefore, Instant notAfter) {
        static @Nullable CertificateView of(@Nullable PeerValidity peer) {
            return peer == null
                    ? null
                    : new CertificateView(peer.subject(), peer.serial(), peer.notBefore(), peer.notAfter());
        }

        String text() {
            return subject + ", serial " + serial + ", valid until " + notAfter;
        }
    }

    boolean up() {
        return standing.equals(Standing.UP.label());
    }

    /** Whether it is up and the operator lets it work. */
    boolean usable() {
        return up() && !drained;
    }

    /** Since when it is not usable, be it for its health or by wish, whichever came first; null if it is. */
    @Nullable Instant unusableSince() {
        Instant wished = drain == null ? null : drain.since();
        if (up()) {
            return wished;
        }
        return wished == null || since.isBefore(wished) ? since : wished;
    }

    boolean isCalled(String name) {
        return endpoint.equals(name) || configured.equals(name);
    }

    /**
     * A drain in force.
     *
     * @param as what is drained: the address, or the configured name that has it
     */
    record DrainView(String as, Instant since, @Nullable String reason) {}
}
