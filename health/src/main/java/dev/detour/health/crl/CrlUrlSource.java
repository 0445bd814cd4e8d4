package dev.detour.health.crl;

import dev.detour.health.certificate.TrustAnchors;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A CRL that is downloaded.
 *
 * @param name as configured
 * @param trust the authorities that the chain of an https server ends at, or null for those of the JDK
 */
public record CrlUrlSource(String name, URI url, @Nullable TrustAnchors trust) implements CrlSource {
    @Override
    public String place() {
        return url.toString();
    }

    @Override
    public CrlFacts read(CrlReader reader) throws IOException, CrlFormatException, InterruptedException {
        CrlDownload download = trust == null ? CrlDownload.USUAL : CrlDownload.USUAL.with(trust.context());
        return download.read(url, reader);
    }
}
