package dev.detour.health.certificate;

import dev.detour.health.tls.TlsDiagnosis;
import dev.detour.health.tls.TlsReason;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link WireProbe} saw of a server. */
public sealed interface WireResult {
    /** The server that was looked at. */
    WireTarget target();

    /**
     * The server showed a chain, whatever it is worth.
     *
     * @param chain as sent, leaf first
     * @param protocol such as TLSv1.3; empty if the handshake failed afterwards
     * @param cipher empty if the handshake failed afterwards
     * @param wantsClientCertificate whether it asked for one, which a probe does not have: trouble afterwards may be just that
     * @param trouble why the handshake failed after the chain was shown; null if it did not
     */
    record Seen(
            WireTarget target,
            List<X509Certificate> chain,
            String protocol,
            String cipher,
            ChainCheck check,
            boolean wantsClientCertificate,
            @Nullable TlsDiagnosis trouble)
            implements WireResult {
        public Seen {
            chain = List.copyOf(chain);
        }
    }

    /**
     * The server showed no chain.
     *
     * @param detail one line in words
     */
    record Failed(WireTarget target, TlsReason reason, String detail) implements WireResult {}
}
