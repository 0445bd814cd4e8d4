package dev.detour.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate revocation lists are watched.
 *
 * @param every time between two looks
 * @param sources in file order
 * @param fromCertificates for lists that watched certificates name, or null if those are not asked for
 */
public record CrlsConfig(
        Duration every, List<Source> sources, @Nullable FromCertificates fromCertificates) {
    public CrlsConfig {
        sources = List.copyOf(sources);
    }

    /**
     * One list. Exactly one of {@code file} and {@code url} is set.
     *
     * @param trust PEM certificates of the authorities that the chain of an https URL ends at, or null for the JDK's
     * @param issuer PEM certificates, one of which must have signed it, or null if that is not checked
     * @param limit how large it may become: {@code consul}, {@code raft}, {@code dynamodb} or a size; or null
     * @param lifetime of the issuer's longest-lived certificates, or null
     * @param live how many certificates of the issuer are live, or null
     */
    public record Source(
            String name,
            @Nullable Path file,
            @Nullable URI url,
            @Nullable Path trust,
            @Nullable Path issuer,
            @Nullable String limit,
            @Nullable Duration lifetime,
            @Nullable Integer live) {}

    /**
     * Lists named by certificates: those URLs come from whoever the certificate is from, so only known hosts are asked.
     *
     * @param hosts exact names, or {@code *.} and what they end with
     * @param limit as of a source
     */
    public record FromCertificates(
            List<String> hosts, @Nullable String limit) {
        public FromCertificates {
            hosts = List.copyOf(hosts);
        }
    }
}
