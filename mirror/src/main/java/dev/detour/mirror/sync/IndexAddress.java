package dev.detour.mirror.sync;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where an index is asked.
 *
 * @param base URL of its root, with a final slash; its Simple API is below {@code simple/}
 * @param tls how https is verified, or null for the JDK's way
 * @param serverName name sent as SNI and Host and looked for in the certificate, or null for the host of {@code base}
 */
public record IndexAddress(
        URI base, @Nullable SSLContext tls, @Nullable String serverName) {
    /** An index reached as its URL says. */
    public static IndexAddress of(URI base) {
        return new IndexAddress(base, null, null);
    }

    public IndexAddress {
        if (!base.getPath().endsWith("/")) {
            base = URI.create(base + "/");
        }
    }
}
