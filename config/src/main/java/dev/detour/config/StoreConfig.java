package dev.detour.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Detour's own copy of an index.
 *
 * @param directory where it is; no other mirror's
 * @param keep generations kept, the served one included
 * @param files which release files are kept beside the pages
 * @param filesLimit bytes of release files, never exceeded
 * @param capture whether answers of the backend that pass through are taken
 * @param audit in which every page is compared with the index's once; zero for no audit
 * @param sync how it is kept in step, or null if this instance does not fetch from the index
 * @param follow whose generations are taken over, or null; excludes {@code sync}
 */
public record StoreConfig(
        Path directory,
        int keep,
        Files files,
        long filesLimit,
        boolean capture,
        Duration audit,
        @Nullable Sync sync,
        @Nullable Follow follow)
        implements MirrorConfig.Place {

    /** Release files beside the pages. */
    public enum Files {
        /** None. */
        NONE,
        /** {@code .metadata} of wheels. */
        METADATA,
        /** Release files too. */
        ALL
    }

    /** Documents of the JSON API. */
    public enum Documents {
        /** None. */
        NONE,
        /** One a project. */
        PROJECT,
        /** One a project and one a release. */
        ALL
    }

    /**
     * How a store is kept in step with an index.
     *
     * @param from URL of the index's root with a final slash, or null to ask the backend's first endpoint
     * @param backend whose breaker pauses it, and who is asked without {@code from}; null if {@code from} is of another index
     * @param every time between the beginnings of two runs
     * @param connections requests at a time
     * @param rate requests a second
     * @param provenance whether attestations are copied
     * @param brakeProjects the most projects that one list may lack
     * @param brakeShare the largest share of all that one list may lack, 0 to 1
     * @param readAll no page stays longer than this without having been compared with the index's
     */
    public record Sync(
            @Nullable URI from,
            @Nullable String backend,
            Duration every,
            int connections,
            int rate,
            Documents documents,
            boolean provenance,
            int brakeProjects,
            double brakeShare,
            Duration readAll) {}

    /**
     * Where generations are taken over from.
     *
     * @param url what {@code detour mirror publish} wrote, http, https or file
     * @param key public key that they must be signed with
     * @param every time between two looks
     */
    public record Follow(URI url, Path key, Duration every) {}
}
