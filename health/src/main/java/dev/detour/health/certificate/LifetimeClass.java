package dev.detour.health.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * The kind of a certificate by how long it lives: who renews it, and how early somebody has to hear that nobody did.
 *
 * <p>An alarm is due when what remains is at most {@code clamp(share × lifetime, floor, ceiling)}. Shares alone fail at both
 * ends: a quarter of a ten-year authority is two and a half years, and a quarter of a day is too little for a person. A
 * floor never reaches back before the expected renewal, or a certificate younger than its floor would always alarm.
 *
 * <p>Renewers act after about half of the life (SPIRE), two thirds (cert-manager, step, ACME clients) or 70 to 90 % (kubelet);
 * what lives longer than 398 days (the limit of the CA/Browser Forum) is renewed by hand.
 */
public enum LifetimeClass {
    /** Up to 24 hours: workload identities. */
    HOURS(0.50, Duration.ZERO, Duration.ofHours(6), Duration.ZERO, Duration.ofHours(2)),
    /** Up to 10 days: what the CA/Browser Forum calls short-lived. */
    SHORT(2 / 3.0, Duration.ofHours(6), Duration.ofHours(60), Duration.ofHours(2), Duration.ofHours(24)),
    /** Up to 100 days: ACME, and secrets managers' month. */
    MONTHS(2 / 3.0, Duration.ofHours(60), Duration.ofDays(25), Duration.ofHours(24), Duration.ofDays(10)),
    /** Up to 398 days: the yearly certificate that somebody renews by hand. */
    YEAR(2 / 3.0, Duration.ofDays(25), Duration.ofDays(100), Duration.ofDays(10), Duration.ofDays(30)),
    /** Leaves that live longer than 398 days. */
    LONG(2 / 3.0, Duration.ofDays(90), Duration.ofDays(365), Duration.ofDays(30), Duration.ofDays(60)),
    /** Authorities below a root, however long they live: everything beneath them has to be issued again. */
    INTERMEDIATE_CA(2 / 3.0, Duration.ofDays(60), Duration.ofDays(365), Duration.ofDays(30), Duration.ofDays(90)),
    /** Self-signed authorities, however long they live: every trust store has to change. */
    ROOT_CA(2 / 3.0, Duration.ofDays(180), Duration.ofDays(730), Duration.ofDays(90), Duration.ofDays(180));

    private static final Duration DAY = Duration.ofDays(1);
    /** Warns at 75 % of life, as the post-mortem of 2021-04-05 promised. */
    private static final double WARN_SHARE = 0.25;

    private static final double CRITICAL_SHARE = 0.10;

    private final double expectedRenewal;
    private final Duration warnFloor;
    private final Duration warnCeiling;
    private final Duration criticalFloor;
    private final Duration criticalCeiling;
    private final String label = name().toLowerCase(Locale.ROOT);

    LifetimeClass(
            double expectedRenewal,
            Duration warnFloor,
            Duration warnCeiling,
            Duration criticalFloor,
            Duration criticalCeiling) {
        this.expectedRenewal = expectedRenewal;
        this.warnFloor = warnFloor;
        this.warnCeiling = warnCeiling;
        this.criticalFloor = criticalFloor;
        this.criticalCeiling = criticalCeiling;
    }

    /** The class that a certificate belongs to. */
    public static LifetimeClass of(CertificateFacts certificate) {
        if (certificate.authority()) {
            return certificate.selfSigned() ? ROOT_CA : INTERMEDIATE_CA;
        }
        Duration lifetime = certificate.lifetime();
        if (lifetime.compareTo(DAY) <= 0) {
            return HOURS;
        }
        if (lifetime.compareTo(DAY.multipliedBy(10)) <= 0) {
            return SHORT;
        }
        if (lifetime.compareTo(DAY.multipliedBy(100)) <= 0) {
            return MONTHS;
        }
        return lifetime.compareTo(DAY.multipliedBy(398)) <= 0 ? YEAR : LONG;
    }

    /** The name used in metrics and JSON. */
    public String label() {
        return label;
    }

    /** When whoever renews such certificates usually has done so. */
    public Instant expectedRenewal(CertificateFacts certificate) {
        return new Threshold.Used(expectedRenewal).reached(certificate);
    }

    Instant warnsAt(CertificateFacts certificate) {
        return certificate.notAfter().minus(left(certificate.lifetime(), WARN_SHARE, warnFloor, warnCeiling));
    }

    Instant criticalAt(CertificateFacts certificate) {
        return certificate
                .notAfter()
                .minus(left(certificate.lifetime(), CRITICAL_SHARE, criticalFloor, criticalCeiling));
    }

    /** What must be left: {@code share} of the lifetime, but no less than {@code floor} and no more than {@code ceiling}. */
    private Duration left(Duration lifetime, double share, Duration floor, Duration ceiling) {
        Duration wanted = part(lifetime, share);
        Duration latest = part(lifetime, 1 - expectedRenewal);
        Duration least = floor.compareTo(latest) < 0 ? floor : latest;
        if (wanted.compareTo(least) < 0) {
            return least;
        }
        return wanted.compareTo(ceiling) > 0 ? ceiling : wanted;
    }

    private static Duration part(Duration lifetime, double share) {
        return Duration.ofMillis(Math.round(lifetime.toMillis() * share));
    }
}
