package dev.detour.mirror.store;

import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a project's page beside its bytes.
 *
 * @param serial of the page itself, or empty if the index has none
 * @param etag the index's tag of the JSON form as it was fetched, or null
 * @param sha256 of the canonical JSON, 64 lower-case hexadecimal digits
 * @param fetchedAt when the page was known to be the index's own
 * @param auditedAt when it was last compared with the index's, or null for never
 * @param origin how these bytes came here
 */
public record ProjectState(
        OptionalLong serial,
        @Nullable String etag,
        String sha256,
        Instant fetchedAt,
        @Nullable Instant auditedAt,
        Origin origin) {
    /** The same, still the index's own page. */
    public ProjectState seen(Instant at) {
        return new ProjectState(serial, etag, sha256, at, auditedAt, origin);
    }

    /** The same, compared with the index's page. */
    public ProjectState audited(Instant at) {
        return new ProjectState(serial, etag, sha256, fetchedAt, at, origin);
    }
}
