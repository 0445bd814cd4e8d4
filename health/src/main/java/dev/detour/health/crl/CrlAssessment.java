package dev.detour.health.crl;

import dev.detour.health.finding.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a CRL, and what will be.
 *
 * @param findings everything that is wrong, the worst first
 * @param share of the limit that it has; null without a limit
 * @param limitReached when its trend reaches the limit; null without a limit or a trend, and if that is over ten years away
 * @param unpruned entries that are certainly of expired certificates; null without a lifetime
 * @param steadyState bytes at which it would settle; null without a lifetime
 * @param shock bytes if every live certificate were revoked now; null without their number
 */
public record CrlAssessment(
        List<Finding> findings,
        @Nullable Double share,
        @Nullable Instant limitReached,
        @Nullable Long unpruned,
        @Nullable Long steadyState,
        @Nullable Long shock) {

    /** Pruning has to store the CRL once more, so that help must come before the limit does. */
    private static final double HIGH = 0.7;

    private static final Duration SOON = Duration.ofDays(30);

    /** One thing that is wrong, in words. */
    public record Finding(CrlLevel level, Rule rule, String text) {}

    /**
     * Judges a CRL.
     *
     * @param observations how large it was, {@code facts} included
     */
    public static CrlAssessment of(CrlFacts facts, CrlTerms terms, List<CrlObservation> observations, Instant now) {
        List<Finding> findings = new ArrayList<>();
        CrlLimit limit = terms.limit();
        Duration lifetime = terms.lifetime();
        Long shock = terms.live() == null ? null : Long.valueOf(facts.shock(terms.live()));
        Instant reached = limit == null ? null : reached(facts, limit, observations, now);
        itself(facts, terms, now, findings);
        if (limit != null) {
            size(facts, limit, findings);
            future(limit, reached, shock, now, findings);
        }
        findings.sort(Comparator.comparing(Finding::level).reversed());
        return new CrlAssessment(
                List.copyOf(findings),
                limit == null ? null : Double.valueOf(limit.share(facts.bytes())),
                reached,
                lifetime == null ? null : Long.valueOf(facts.unpruned(lifetime)),
                lifetime == null ? null : Long.valueOf(facts.steadyState(lifetime)),
                shock);
    }

    /** The worst of the findings. */
    public CrlLevel level() {
        return findings.isEmpty() ? CrlLevel.OK : findings.get(0).level();
    }

    private static @Nullable Instant reached(
            CrlFacts facts, CrlLimit limit, List<CrlObservation> observations, Instant now) {
        if (facts.bytes() >= limit.bytes()) {
            return now;
        }
        CrlForecast forecast = CrlForecast.of(observations);
        return forecast == null ? null : forecast.reaches(limit.bytes(), now);
    }

    private static void itself(CrlFacts facts, CrlTerms terms, Instant now, List<Finding> findings) {
        switch (facts.signature()) {
            case BAD ->
                critical(findings, Rule.CRL_SIGNATURE, "the signature is broken: the issuer's key did not make it");
            case NO_ISSUER -> unchecked(terms, findings, "no certificate of its issuer was given");
            case UNSUPPORTED -> unchecked(terms, findings, facts.algorithm() + " is not supported");
            case GOOD -> {
                // nothing to find
            }
        }
        if (facts.stale(now)) {
            critical(findings, Rule.CRL_STALE, "stale: the next one was due at " + facts.nextUpdate());
        }
    }

    private static void unchecked(CrlTerms terms, List<Finding> findings, String why) {
        if (terms.signed()) {
            findings.add(new Finding(CrlLevel.WARNING, Rule.CRL_UNCHECKED, "the signature was not checked: " + why));
        }
    }

    private static void size(CrlFacts facts, CrlLimit limit, List<Finding> findings) {
        double share = limit.share(facts.bytes());
        if (share > 1) {
            critical(
                    findings,
                    Rule.CRL_SIZE,
                    "over the limit: " + facts.bytes() + " bytes of " + limit.bytes() + " (" + limit.name() + ")");
        } else if (share >= HIGH) {
            findings.add(new Finding(
                    CrlLevel.WARNING,
                    Rule.CRL_SIZE,
                    String.format(Locale.ROOT, "%.1f %% of the limit (%s) is used", 100 * share, limit.name())));
        }
    }

    private static void future(
            CrlLimit limit, @Nullable Instant reached, @Nullable Long shock, Instant now, List<Finding> findings) {
        if (reached != null && reached.isAfter(now) && !reached.isAfter(now.plus(SOON))) {
            findings.add(new Finding(
                    CrlLevel.WARNING, Rule.CRL_FORECAST, "the limit (" + limit.name() + ") is reached at " + reached));
        }
        if (shock != null && shock > limit.bytes()) {
            findings.add(new Finding(
                    CrlLevel.WARNING,
                    Rule.CRL_SHOCK,
                    "revoking every live certificate at once would make it " + shock + " bytes, over the limit of "
                            + limit.bytes() + " (" + limit.name() + ")"));
        }
    }

    private static void critical(List<Finding> findings, Rule rule, String text) {
        findings.add(new Finding(CrlLevel.CRITICAL, rule, text));
    }
}
