package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.health.tls.PeerChainTrustManager;
import dev.detour.proxy.loop.IdentityFiles;
import dev.detour.proxy.loop.TlsProvider;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Our side of TLS with a backend: whom we trust, and who we say we are. */
final class BackendTls {
    /** A resumed session hides that the certificate has expired since; the JDK would resume for a day. */
    private static final long SESSION_SECONDS = 60;

    private BackendTls() {}

    /** The context for a backend's endpoints, or null if they speak clear text. */
    static @Nullable SslContext contextFor(BackendConfig config) throws BackendException {
        return config.endpoints().get(0).secure() ? clientContext(config) : null;
    }

    /** A context of its own, for a backend that speaks TLS: it shares no session with any other. */
    static SslContext clientContext(BackendConfig config) throws BackendException {
        BackendConfig.Tls tls = config.tls();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(TlsProvider.chosen())
                .sessionTimeout(SESSION_SECONDS)
                .protocols("TLSv1.3", "TLSv1.2");
        try {
            builder.trustManager(new PeerChainTrustManager(trustManager(tls.trust())));
            if (tls.certificate() != null && tls.key() != null) {
                present(tls.certificate(), tls.key(), builder);
            }
            return builder.build();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new BackendException("backends." + config.name() + ".tls: " + e.getMessage(), e);
        }
    }

    private static void present(Path certificate, Path key, SslContextBuilder builder)
            throws GeneralSecurityException, IOException {
        try {
            IdentityFiles.check(certificate, key);
            builder.keyManager(certificate.toFile(), key.toFile());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new GeneralSecurityException(
                    "cannot use certificate " + certificate + " with key " + key + ": " + e.getMessage(), e);
        }
    }

    /** Trusts the authorities in {@code file} and no others, or the JDK's if there is none. */
    private static X509ExtendedTrustManager trustManager(@Nullable Path file)
            throws GeneralSecurityException, IOException {
        KeyStore authorities = null;
        if (file != null) {
            authorities = KeyStore.getInstance(KeyStore.getDefaultType());
            authorities.load(null, null);
            try (InputStream pem = Files.newInputStream(file)) {
                for (Certificate authority :
                        CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                    authorities.setCertificateEntry("authority-" + authorities.size(), authority);
                }
            } catch (CertificateException e) {
                throw new CertificateException(file + ": " + e.getMessage(), e);
            }
            if (authorities.size() == 0) {
                throw new CertificateException(file + " has no certificate");
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new CertificateException("the JDK has no X.509 trust manager");
    }
}
