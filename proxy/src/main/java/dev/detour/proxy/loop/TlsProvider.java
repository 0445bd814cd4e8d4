package dev.detour.proxy.loop;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/**
 * Which TLS engine is used: BoringSSL where the platform has it (half the handshake CPU of the JDK's), otherwise the JDK's.
 * The system property {@code detour.tls.provider} ({@code jdk} or {@code openssl}) overrules.
 */
public final class TlsProvider {
    private TlsProvider() {}

    /** The engine for contexts built now. */
    public static SslProvider chosen() {
        String wish = System.getProperty("detour.tls.provider", "");
        return switch (wish) {
            case "jdk" -> SslProvider.JDK;
            case "openssl" -> SslProvider.OPENSSL;
            case "" -> OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
            default ->
                throw new IllegalArgumentException("detour.tls.provider: " + wish + " (expected: jdk or openssl)");
        };
    }
}
