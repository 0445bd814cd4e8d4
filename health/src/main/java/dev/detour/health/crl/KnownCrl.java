package dev.detour.health.crl;

import dev.detour.health.certificate.SourceProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a watched CRL.
 *
 * @param source what it is called in the configuration
 * @param place a file or a URL
 * @param facts as it was last read; null if it never could be
 * @param seen when that was
 * @param problem why it could not be read last; null if it could
 * @param unseenSince since when it cannot be read; null if it can
 * @param older whether another with a higher number was read before it: somebody serves an old copy
 * @param terms what it is measured against
 * @param observations how large it was, {@code facts} included
 * @param errors how often it could not be read since the start
 */
public record KnownCrl(
        String source,
        String place,
        @Nullable CrlFacts facts,
        @Nullable Instant seen,
        @Nullable SourceProblem problem,
        @Nullable Instant unseenSince,
        boolean older,
        CrlTerms terms,
        List<CrlObservation> observations,
        long errors) {
    public KnownCrl {
        observations = List.copyOf(observations);
    }

    /** How it stands at {@code at}; null if it was never read. */
    public @Nullable CrlAssessment assessment(Instant at) {
        return facts == null ? null : CrlAssessment.of(facts, terms, observations, at);
    }
}
