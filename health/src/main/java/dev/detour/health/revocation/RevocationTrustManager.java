package dev.detour.health.revocation;

import dev.detour.health.tls.DelegatingTrustManager;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A trust manager that decides as another does, and then refuses what was revoked.
 *
 * <p>Every certificate that a server sends is looked up, save those that are trusted by themselves. A refusal carries the
 * JDK's own reason, so that it is told like any other.
 */
public final class RevocationTrustManager extends DelegatingTrustManager {
    private final Set<X509Certificate> anchors;
    private final RevocationLists lists;
    private final RevocationPolicy policy;

    /** Decides as {@code delegate} does about everything else. */
    public RevocationTrustManager(X509ExtendedTrustManager delegate, RevocationLists lists, RevocationPolicy policy) {
        super(delegate);
        this.anchors = Set.copyOf(List.of(delegate.getAcceptedIssuers()));
        this.lists = lists;
        this.policy = policy;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        for (int i = 0; i < chain.length; i++) {
            if (anchors.contains(chain[i])) {
                continue;
            }
            RevocationStatus status = lists.status(chain[i]);
            if (!policy.accepts(status)) {
                throw refusal(chain, i, status);
            }
        }
    }

    private static CertificateException refusal(X509Certificate[] chain, int index, RevocationStatus status) {
        boolean revoked = status == RevocationStatus.REVOKED;
        String unknown = status == RevocationStatus.STALE
                ? "its issuer's CRL is past its next update"
                : "no CRL of its issuer is at hand";
        String message = revoked ? "listed in its issuer's CRL" : unknown;
        BasicReason reason = revoked ? BasicReason.REVOKED : BasicReason.UNDETERMINED_REVOCATION_STATUS;
        CertPathValidatorException invalid =
                new CertPathValidatorException(message, null, path(chain, index), index, reason);
        return new CertificateException(message, invalid);
    }

    private static CertPath path(X509Certificate[] chain, int index) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(List.of(chain).subList(0, index + 1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows X.509", e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        delegate.checkServerTrusted(chain, authType, engine);
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        delegate.checkServerTrusted(chain, authType, socket);
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        delegate.checkServerTrusted(chain, authType);
        check(chain);
    }
}
