package dev.detour.admin.certificate;

import dev.detour.health.crl.CrlAssessment;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.CrlLimit;
import dev.detour.health.crl.KnownCrl;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A watched CRL as JSON. What is not known, or not asked, is null; numbers that may be larger than programs read are text.
 *
 * @param status {@code ok}, {@code warning}, {@code critical}, or {@code unknown} if it was never read
 * @param seen when it was last read
 * @param problem why it could not be read last
 * @param list what it says
 * @param measured what that means
 */
record CrlView(
        String source,
        String place,
        String status,
        @Nullable Instant seen,
        @Nullable String problem,
        @Nullable Instant unseenSince,
        boolean older,
        @Nullable ListView list,
        @Nullable MeasuredView measured) {

    /** What a CRL says of itself. */
    record ListView(
            String issuer,
            @Nullable String number,
            boolean delta,
            long bytes,
            long entries,
            double bytesPerEntry,
            Instant thisUpdate,
            @Nullable Instant nextUpdate,
            @Nullable Instant oldestRevocation,
            @Nullable Instant newestRevocation,
            String algorithm,
            String signature) {
        static ListView of(CrlFacts facts) {
            return new ListView(
                    facts.issuer(),
                    facts.number() == null ? null : facts.number().toString(),
                    facts.delta(),
                    facts.bytes(),
                    facts.entries(),
                    facts.meanEntry(),
                    facts.thisUpdate(),
                    facts.nextUpdate(),
                    facts.revocations().oldest(),
                    facts.revocations().newest(),
                    facts.algorithm(),
                    facts.signature().name().toLowerCase(Locale.ROOT));
        }
    }

    /** A CRL beside the limit of its store. */
    record MeasuredView(
            @Nullable String limit,
            @Nullable Long limitBytes,
            @Nullable Double share,
            @Nullable Instant limitReached,
            @Nullable Long unpruned,
            @Nullable Long steadyStateBytes,
            @Nullable Long shockBytes) {
        static MeasuredView of(@Nullable CrlLimit limit, CrlAssessment assessment) {
            return new MeasuredView(
                    limit == null ? null : limit.name(),
                    limit == null ? null : Long.valueOf(limit.bytes()),
                    assessment.share(),
                    assessment.limitReached(),
                    assessment.unpruned(),
                    assessment.steadyState(),
                    assessment.shock());
        }
    }

    static CrlView of(KnownCrl known, Instant at) {
        CrlAssessment assessment = known.assessment(at);
        return new CrlView(
                known.source(),
                known.place(),
                status(known, assessment),
                known.seen(),
                known.problem() == null ? null : known.problem().toString(),
                known.unseenSince(),
                known.older(),
                known.facts() == null ? null : ListView.of(known.facts()),
                assessment == null ? null : MeasuredView.of(known.terms().limit(), assessment));
    }

    private static String status(KnownCrl known, @Nullable CrlAssessment assessment) {
        if (assessment == null) {
            return "unknown";
        }
        String status = assessment.level().label();
        boolean blind = known.problem() != null || known.older();
        return blind && status.equals("ok") ? "warning" : status;
    }
}
