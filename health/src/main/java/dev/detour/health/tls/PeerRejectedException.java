package dev.detour.health.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The refusal of a server's certificates, with the chain as the server sent it and the name it was meant for. */
public final class PeerRejectedException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient List<X509Certificate> chain;
    private final @Nullable String host;

    PeerRejectedException(CertificateException cause, List<X509Certificate> chain, @Nullable String host) {
        super("server certificate rejected", cause);
        this.chain = chain;
        this.host = host;
    }

    /** As sent, leaf first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** The name that was verified, or null if none was. */
    public @Nullable String host() {
        return host;
    }
}
