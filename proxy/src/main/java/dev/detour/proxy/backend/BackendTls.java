package dev.detour.proxy.backend;

import dev.detour.config.BackendConfig;
import dev.detour.health.revocation.RevocationLists;
import dev.detour.health.revocation.RevocationPolicy;
import dev.detour.health.revocation.RevocationTrustManager;
import dev.detour.health.tls.PeerChainTrustManager;
import dev.detour.proxy.loop.IdentityFiles;
import dev.detour.proxy.loop.TlsProvider;
import io.netty.handler.ssl.OpenSslSessionContext;
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
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Our side of TLS with a backend: whom we trust, and who we say we are. */
final class BackendTls {
    /** A resumed session hides that the certificate has expired since; the JDK would resume for a day. */
    private static final long SESSION_SECONDS = 60;

    /** A session that is resumed is not looked up in the CRLs: what one lists must not go on for a minute. */
    private static final long SESSION_SECONDS_WITH_CRLS = 1;

    private BackendTls() {}

    /** The context for a backend's endpoints, or null if they speak clear text. */
    static @Nullable SslContext contextFor(BackendConfig config, @Nullable RevocationLists revocations)
            throws BackendException {
        return config.endpoints().get(0).secure() ? clientContext(config, revocations) : null;
    }

    /** A context of its own, for a backend that speaks TLS: it shares no session with any other. */
    static SslContext clientContext(BackendConfig config, @Nullable RevocationLists revocations)
            throws BackendException {
        BackendConfig.Tls tls = config.tls();
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(TlsProvider.chosen())
                .sessionTimeout(revocations == null ? SESSION_SECONDS : SESSION_SECONDS_WITH_CRLS)
                .protocols("TLSv1.3", "TLSv1.2");
        try {
            builder.trustManager(new PeerChainTrustManager(trust(tls, revocations)));
            if (tls.certificate() != null && tls.key() != null) {
                present(tls.certificate(), tls.key(), builder);
            }
            SslContext context = builder.build();
            if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
                // BoringSSL's TLS 1.3 prolongs a session each time it is resumed: one in steady use would never end,
                // and
                // an expired certificate never be seen. Connections are kept, so that full handshakes are few
                sessions.setSessionCacheEnabled(false);
            }
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new BackendException("backends." + config.name() + ".tls: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager trust(BackendConfig.Tls tls, @Nullable RevocationLists revocations)
            throws GeneralSecurityException, IOException {
        X509ExtendedTrustManager trust = trustManager(tls.trust());
        BackendConfig.Revocation rule = tls.revocation();
        return rule == null || revocations == null
                ? trust
                : new RevocationTrustManager(
                        trust,
                        revocations,
                        new RevocationPolicy(
                                rule.stale() == BackendConfig.Doubt.REFUSE,
                                rule.unknown() == BackendConfig.Doubt.REFUSE));
    }

    /** The authorities whose CRLs count for a backend. */
    static List<X509Certificate> authorities(BackendConfig config, BackendConfig.Revocation rule)
            throws BackendException {
        try {
            List<X509Certificate> all =
                    new ArrayList<>(List.of(trustManager(config.tls().trust()).getAcceptedIssuers()));
            if (rule.issuers() != null) {
                all.addAll(List.of(trustManager(rule.issuers()).getAcceptedIssuers()));
            }
            return all;
        } catch (GeneralSecurityException | IOException e) {
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
