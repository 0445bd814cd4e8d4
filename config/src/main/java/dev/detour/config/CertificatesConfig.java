package dev.detour.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates are watched, beside those that the instance and its backends use, and when somebody has to hear of them.
 *
 * @param every time between two looks at files, Vaults
 * @param probeEvery time between two handshakes with a server
 * @param warn when a certificate is due for renewal, or null to go by how long it lives
 * @param critical likewise
 * @param sources by name, in file order
 */
public record CertificatesConfig(
        Duration every,
        Duration probeEvery,
        @Nullable LifeMark warn,
        @Nullable LifeMark critical,
        List<Source> sources) {
    public CertificatesConfig {
        sources = List.copyOf(sources);
    }

    /**
     * One place to look at.
     *
     * @param warn instead of that for all, or null
     * @param critical instead of that for all, or null
     */
    public record Source(
            String name,
            Place place,
            @Nullable LifeMark warn,
            @Nullable LifeMark critical) {}

    /** What kind of place. */
    public sealed interface Place {}

    /**
     * Files on this machine.
     *
     * @param path a file, a directory or a glob, absolute
     * @param passwordFile holds the password of key stores in its first line, or null
     * @param servedBy servers, as {@link Server#target}, that should show the certificate whose key is here
     */
    public record Files(String path, @Nullable Path passwordFile, List<String> servedBy) implements Place {
        public Files {
            servedBy = List.copyOf(servedBy);
        }
    }

    /**
     * A server that shows certificates.
     *
     * @param target {@code host:port}, {@code smtp://host:port}, {@code postgres://host:port} or {@code ldap://host:port}
     * @param trust PEM certificates of the authorities that its chain should end at, or null for the JDK's
     */
    public record Server(String target, @Nullable Path trust) implements Place {}

    /**
     * A PKI mount of HashiCorp Vault or OpenBao.
     *
     * @param url of Vault itself
     * @param mount where the secrets engine is mounted, such as {@code pki} or {@code pki/internal}
     * @param tokenFile holds a token that may read settings and tidy status, or null for what needs none
     * @param trust PEM certificates of the authorities that Vault's own chain ends at, or null for the JDK's
     * @param namespace of Vault Enterprise, or null
     * @param limit how large its CRL may become: {@code consul}, {@code raft}, {@code dynamodb} or a size
     */
    public record Vault(
            URI url,
            String mount,
            @Nullable Path tokenFile,
            @Nullable Path trust,
            @Nullable String namespace,
            String limit)
            implements Place {}
}
