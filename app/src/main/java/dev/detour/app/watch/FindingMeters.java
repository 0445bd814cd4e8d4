package dev.detour.app.watch;

import dev.detour.health.finding.Rule;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of what is wrong. */
final class FindingMeters {
    private FindingMeters() {}

    /** Counts {@code findings} in {@code registry} for as long as both live. */
    public static void watch(Findings findings, MeterRegistry registry) {
        for (Rule rule : Rule.values()) {
            Gauge.builder(
                            "detour.findings",
                            findings,
                            now -> now.stream()
                                    .filter(each -> each.rule() == rule)
                                    .count())
                    .description("What is wrong now with certificates and revocation lists")
                    .tag("rule", rule.label())
                    .register(registry);
        }
        Gauge.builder(
                        "detour.cert.collisions",
                        findings,
                        now -> now.stream()
                                .filter(each -> each.rule() == Rule.COLLISION)
                                .count())
                .description("Certificates that are not shown because another has the same labels")
                .register(registry);
    }
}
