package dev.detour.health.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A trust manager that decides as another does, but attaches the server's chain to a refusal.
 *
 * <p>After a failed handshake nobody else can see the chain, and without it a wrong name and a wrong usage look alike.
 * It travels inside the exception, so connections share this object without sharing state.
 */
public final class PeerChainTrustManager extends DelegatingTrustManager {
    /** On the session of one engine, which outlives its handshake with the JDK's TLS and with BoringSSL. */
    private static final String ACCEPTED = PeerChainTrustManager.class.getName() + ".accepted";

    /** Decides as {@code delegate} does. */
    public PeerChainTrustManager(X509ExtendedTrustManager delegate) {
        super(delegate);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            delegate.checkServerTrusted(chain, authType, engine);
            engine.getSession().putValue(ACCEPTED, true);
        } catch (CertificateException refused) {
            throw rejected(refused, chain, engine.getPeerHost());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        try {
            delegate.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException refused) {
            String host = socket instanceof SSLSocket secure && secure.getHandshakeSession() != null
                    ? secure.getHandshakeSession().getPeerHost()
                    : null;
            throw rejected(refused, chain, host);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        try {
            delegate.checkServerTrusted(chain, authType);
        } catch (CertificateException refused) {
            throw rejected(refused, chain, null);
        }
    }

    /**
     * Whether the server's certificate was accepted in this engine's handshake, however that ended. By then both sides have
     * agreed on a cipher.
     */
    public static boolean accepted(SSLEngine engine) {
        return engine.getSession().getValue(ACCEPTED) != null;
    }

    private static PeerRejectedException rejected(
            CertificateException refused, X509Certificate[] chain, @Nullable String host) {
        return new PeerRejectedException(refused, List.of(chain), host);
    }
}
