package dev.detour.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An address clients connect to.
 *
 * @param address where to listen
 * @param tls certificate and key, or null for clear text
 */
public record ListenerConfig(HostPort address, @Nullable Tls tls) {
    /**
     * The listener's own identity.
     *
     * @param certificate PEM chain, leaf first
     * @param key PEM private key (PKCS#8), without a password
     */
    public record Tls(Path certificate, Path key) {}
}
