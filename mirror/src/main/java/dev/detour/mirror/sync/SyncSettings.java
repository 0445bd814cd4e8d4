package dev.detour.mirror.sync;

import java.time.Duration;

/**
 * How a mirror is kept in step.
 *
 * @param every time between the beginnings of two runs
 * @param connections requests at a time
 * @param rate requests a second; 0 for no limit
 * @param documents which documents of the JSON API are copied
 * @param provenance whether attestations are copied
 * @param files which release files are copied
 * @param brakeProjects the most projects that one list may lack
 * @param brakeShare the largest share of all projects that one list may lack, 0 to 1; three may always be missing
 * @param readAll no page stays longer than this without having been compared with the index's
 */
public record SyncSettings(
        Duration every,
        int connections,
        int rate,
        Documents documents,
        boolean provenance,
        Files files,
        int brakeProjects,
        double brakeShare,
        Duration readAll) {

    /** Documents of the JSON API. */
    public enum Documents {
        /** None. */
        NONE,
        /** One a project. */
        PROJECT,
        /** One a project and one a release. */
        ALL
    }

    /** Files beside the pages. */
    public enum Files {
        /** None. */
        NONE,
        /** {@code .metadata} of wheels. */
        METADATA,
        /** Release files too. */
        ALL
    }

    /** Every five minutes, politely, pages, project documents and attestations. */
    public static SyncSettings defaults() {
        return new SyncSettings(
                Duration.ofMinutes(5), 4, 20, Documents.PROJECT, true, Files.NONE, 1_000, 0.05, Duration.ofDays(7));
    }

    /** How many projects a list may lack before that is taken for a fault of the list. */
    long brake(long listed) {
        return Math.min(brakeProjects, Math.max(3, (long) (brakeShare * listed)));
    }
}
