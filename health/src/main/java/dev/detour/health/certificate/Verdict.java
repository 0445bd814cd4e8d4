package dev.detour.health.certificate;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a certificate stands at one moment, with the reason in words.
 *
 * <p>It is DUE from the warning threshold on, LATE once half of the time between that and the critical threshold has gone
 * without a renewal, then CRITICAL, then EXPIRED. Where an operator's critical threshold comes before the warning one, it
 * wins.
 *
 * @param kind the class whose thresholds were in force where none was set
 * @param used share of its life, 0 to 1
 * @param left negative once it is over
 * @param expectedRenewal when whoever renews such certificates usually has done so
 * @param warnsAt when it becomes DUE
 * @param criticalAt when it becomes CRITICAL
 */
public record Verdict(
        Grade grade,
        LifetimeClass kind,
        double used,
        Duration left,
        Instant expectedRenewal,
        Instant warnsAt,
        Instant criticalAt,
        String reason) {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final Duration DATES_SUFFICE = Duration.ofDays(30);
    private static final int WHOLE = 100;

    /** Judges a certificate at {@code at}. */
    public static Verdict of(CertificateFacts certificate, Thresholds set, Instant at) {
        LifetimeClass kind = LifetimeClass.of(certificate);
        Instant warnsAt = reached(set.warn(), certificate, kind.warnsAt(certificate));
        Instant criticalAt = reached(set.critical(), certificate, kind.criticalAt(certificate));
        Grade grade = grade(certificate, warnsAt, criticalAt, at);
        return new Verdict(
                grade,
                kind,
                certificate.used(at),
                certificate.left(at),
                kind.expectedRenewal(certificate),
                warnsAt,
                criticalAt,
                reason(grade, certificate, criticalAt, at));
    }

    private static Instant reached(@Nullable Threshold set, CertificateFacts certificate, Instant otherwise) {
        return set == null ? otherwise : set.reached(certificate);
    }

    private static Grade grade(CertificateFacts certificate, Instant warnsAt, Instant criticalAt, Instant at) {
        if (at.isAfter(certificate.notAfter())) {
            return Grade.EXPIRED;
        }
        if (at.isBefore(certificate.notBefore())) {
            return Grade.NOT_YET_VALID;
        }
        if (!at.isBefore(criticalAt)) {
            return Grade.CRITICAL;
        }
        if (at.isBefore(warnsAt)) {
            return Grade.OK;
        }
        Instant late = warnsAt.plus(Duration.between(warnsAt, criticalAt).dividedBy(2));
        return at.isBefore(late) ? Grade.DUE : Grade.LATE;
    }

    private static String reason(Grade grade, CertificateFacts certificate, Instant criticalAt, Instant at) {
        Duration left = certificate.left(at);
        if (grade == Grade.EXPIRED) {
            return "expired " + span(left.negated()) + " ago, on " + MINUTE.format(certificate.notAfter());
        }
        if (grade == Grade.NOT_YET_VALID) {
            return "begins in " + span(Duration.between(at, certificate.notBefore())) + ", on "
                    + MINUTE.format(certificate.notBefore());
        }
        String life = (int) (certificate.used(at) * WHOLE) + " % of its " + span(certificate.lifetime()) + " are used; "
                + span(left) + " are left";
        return switch (grade) {
            case DUE, LATE -> life + "; renew before " + day(criticalAt, certificate);
            case CRITICAL -> life + "; renew now, it ends on " + MINUTE.format(certificate.notAfter());
            default -> life;
        };
    }

    /** A day says too little of a certificate that lives for a few. */
    private static String day(Instant moment, CertificateFacts certificate) {
        boolean lasting = certificate.lifetime().compareTo(DATES_SUFFICE) >= 0;
        return (lasting ? DATE : MINUTE).format(moment);
    }

    /** The largest unit of which there are at least two, rounded down so that nobody is promised more than there is. */
    static String span(Duration time) {
        // certificates end on the last second of a period: 89 d 23:59:59 are 90 d to everybody
        Duration whole = time.plusSeconds(1).truncatedTo(ChronoUnit.MINUTES);
        Duration rounded = whole.compareTo(time) > 0 ? whole : time;
        if (rounded.toDays() >= 2) {
            return rounded.toDays() + " d";
        }
        if (rounded.toHours() >= 2) {
            return rounded.toHours() + " h";
        }
        return rounded.toMinutes() >= 2 ? rounded.toMinutes() + " min" : rounded.toSeconds() + " s";
    }
}
