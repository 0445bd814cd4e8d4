package dev.detour.health.probe;

import dev.detour.config.BackendConfig;
import dev.detour.config.BackendConfig.ProbeKind;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint and how it is probed.
 *
 * @param address where it is; resolved
 * @param secure whether the endpoint is https
 * @param hostHeader the {@code Host} header of an HTTP probe, with the port where that is not the default
 * @param tlsName the name sent as SNI and checked against the certificate; used if {@code secure}
 * @param probe what is tried, how often and how long
 * @param tls our side of TLS; may be null only where no handshake is done
 */
public record ProbeTarget(
        InetSocketAddress address,
        boolean secure,
        String hostHeader,
        String tlsName,
        BackendConfig.Probe probe,
        @Nullable SslContexts tls) {

    public ProbeTarget {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("address: " + address + " (expected: resolved)");
        }
        if (probe.kind() == ProbeKind.TLS && !secure) {
            throw new IllegalArgumentException("probe.kind: tls of " + address + " (expected: an https endpoint)");
        }
        if (secure && probe.kind() != ProbeKind.TCP && tls == null) {
            throw new IllegalArgumentException("tls: null (expected: contexts for the https endpoint " + address + ")");
        }
    }

    /** What makes the contexts for the handshake, or null if the probe needs none. */
    @Nullable SslContexts handshakes() {
        return secure && probe.kind() != ProbeKind.TCP ? tls : null;
    }
}
