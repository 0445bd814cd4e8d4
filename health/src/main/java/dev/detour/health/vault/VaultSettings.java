package dev.detour.health.vault;

import dev.detour.health.certificate.TrustAnchors;
import dev.detour.health.crl.CrlLimit;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A PKI mount to look at.
 *
 * @param name of the source
 * @param url of Vault itself, with a final slash
 * @param mount where the secrets engine is mounted, such as {@code pki}
 * @param tokenFile holds a token, read at each look; null for what Vault tells everybody
 * @param trust the authorities that the chain of an https URL ends at, or null for those of the JDK
 * @param namespace of Vault Enterprise, or null
 * @param limit how large its CRL may become
 */
public record VaultSettings(
        String name,
        URI url,
        String mount,
        @Nullable Path tokenFile,
        @Nullable TrustAnchors trust,
        @Nullable String namespace,
        CrlLimit limit) {}
