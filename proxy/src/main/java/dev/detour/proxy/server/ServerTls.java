package dev.detour.proxy.server;

import dev.detour.config.ListenerConfig;
import dev.detour.proxy.loop.IdentityFiles;
import dev.detour.proxy.loop.TlsProvider;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Our side of TLS with clients. */
final class ServerTls {
    private ServerTls() {}

    static SslContext contextFor(ListenerConfig.Tls identity) throws ListenException {
        try {
            IdentityFiles.check(identity.certificate(), identity.key());
            return SslContextBuilder.forServer(
                            identity.certificate().toFile(), identity.key().toFile())
                    .sslProvider(TlsProvider.chosen())
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw ListenException.badIdentity(identity.certificate(), identity.key(), e);
        }
    }
}
