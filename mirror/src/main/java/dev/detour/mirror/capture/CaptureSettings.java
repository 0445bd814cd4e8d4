package dev.detour.mirror.capture;

import java.time.Duration;

/**
 * What is copied, and within what limits.
 *
 * @param documents whether projects' JSON documents are
 * @param releases whether releases' JSON documents are
 * @param provenance whether attestations are
 * @param bytes of answers that wait, as they came
 * @param entries answers that wait
 * @param decoded bytes that one answer may have without its content coding
 * @param pause from one copy of the same thing to the next
 * @param wantedPause from one word about a project that is wanted to the next
 */
public record CaptureSettings(
        boolean documents,
        boolean releases,
        boolean provenance,
        long bytes,
        int entries,
        int decoded,
        Duration pause,
        Duration wantedPause) {
    /** Everything; 32 MiB, 1,000 answers, 64 MiB each; 5 s, 10 min. */
    public static CaptureSettings defaults() {
        return new CaptureSettings(
                true, true, true, 32L << 20, 1_000, 64 << 20, Duration.ofSeconds(5), Duration.ofMinutes(10));
    }

    /** The same with other limits on what waits. */
    public CaptureSettings withRoom(long most, int many) {
        return new CaptureSettings(documents, releases, provenance, most, many, decoded, pause, wantedPause);
    }

    /** The same with other things copied. */
    public CaptureSettings copying(boolean ofProjects, boolean ofReleases, boolean attestations) {
        return new CaptureSettings(ofProjects, ofReleases, attestations, bytes, entries, decoded, pause, wantedPause);
    }

    /** The same with another time between copies of the same thing. */
    public CaptureSettings withPause(Duration between) {
        return new CaptureSettings(documents, releases, provenance, bytes, entries, decoded, between, wantedPause);
    }
}
