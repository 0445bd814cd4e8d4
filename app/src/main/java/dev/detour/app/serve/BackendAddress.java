package dev.detour.app.serve;

import dev.detour.config.BackendConfig;
import dev.detour.config.StoreConfig;
import dev.detour.mirror.sync.IndexAddress;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Where a mirror asks its index: at the URL the operator gave, or at the first endpoint of its backend, as the proxy would. */
final class BackendAddress {
    private BackendAddress() {}

    static IndexAddress of(StoreConfig.Sync sync, Map<String, BackendConfig> backends) throws IOException {
        if (sync.from() != null) {
            return IndexAddress.of(sync.from());
        }
        BackendConfig backend = backends.get(String.valueOf(sync.backend()));
        if (backend == null) {
            throw new IOException("the backend " + sync.backend() + " is not there");
        }
        URI base = URI.create(backend.endpoints().get(0) + "/");
        return new IndexAddress(base, context(backend.tls()), backend.tls().serverName());
    }

    private static @Nullable SSLContext context(BackendConfig.Tls tls) throws IOException {
        if (tls.trust() == null && tls.certificate() == null) {
            return null;
        }
        SslContextBuilder builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (tls.trust() != null) {
            builder.trustManager(tls.trust().toFile());
        }
        if (tls.certificate() != null && tls.key() != null) {
            builder.keyManager(tls.certificate().toFile(), tls.key().toFile());
        }
        return ((JdkSslContext) builder.build()).context();
    }
}
