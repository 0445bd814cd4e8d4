package dev.detour.admin.certificate;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.Verdict;
import dev.detour.health.source.KnownCertificate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A certificate at one place, with its verdict, as JSON.
 *
 * @param verdict label of its grade
 * @param reason why, in words
 * @param lifetimeClass label of the class whose thresholds are in force where none is set
 * @param used share of its life, 0 to 1
 * @param secondsLeft negative once it is over
 * @param keyIsHere whether its private key is in the same source
 * @param since when it was first seen there by this process
 * @param unseenSince since when its place cannot be looked at; null if it was there at the last look
 */
record CertificateView(
        String source,
        String kind,
        String place,
        String entry,
        String verdict,
        String reason,
        String lifetimeClass,
        double used,
        long secondsLeft,
        Instant expectedRenewal,
        Instant warnsAt,
        Instant criticalAt,
        boolean keyIsHere,
        Instant since,
        @Nullable Instant unseenSince,
        CertificateFacts certificate) {
    static CertificateView of(KnownCertificate known, Verdict verdict) {
        return new CertificateView(
                known.source(),
                known.kind().label(),
                known.place().source(),
                known.place().entry(),
                verdict.grade().label(),
                verdict.reason(),
                verdict.kind().label(),
                verdict.used(),
                verdict.left().toSeconds(),
                verdict.expectedRenewal(),
                verdict.warnsAt(),
                verdict.criticalAt(),
                known.keyIsHere(),
                known.since(),
                known.unseenSince(),
                known.facts());
    }
}
