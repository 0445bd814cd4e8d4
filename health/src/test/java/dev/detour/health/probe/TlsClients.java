package dev.detour.health.probe;

import dev.detour.health.tls.PeerChainTrustManager;
import dev.detour.testkit.TestIdentity;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCounted;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Fresh contexts as a backend's settings would make them, and a record of all that were made. */
record TlsClients(
        SslProvider provider,
        X509Certificate ca,
        @Nullable TestIdentity identity,
        List<String> protocols,
        List<SslContext> made)
        implements SslContexts {

    TlsClients(SslProvider provider, X509Certificate ca, String... protocols) {
        this(provider, ca, null, List.of(protocols), new CopyOnWriteArrayList<>());
    }

    TlsClients showing(TestIdentity client) {
        return new TlsClients(provider, ca, client, protocols, made);
    }

    @Override
    public SslContext fresh() throws Exception {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols(protocols)
                .trustManager(new PeerChainTrustManager(trust()));
        TestIdentity shown = identity;
        if (shown != null) {
            builder.keyManager(shown.key(), shown.leaf());
        }
        SslContext context = builder.build();
        made.add(context);
        return context;
    }

    /** References to native contexts that are still held. */
    int held() {
        return made.stream()
                .mapToInt(context -> context instanceof ReferenceCounted counted ? counted.refCnt() : 0)
                .sum();
    }

    private X509ExtendedTrustManager trust() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", ca);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
