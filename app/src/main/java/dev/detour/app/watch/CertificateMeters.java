package dev.detour.app.watch;

import dev.detour.health.certificate.CertificateFacts;
import dev.detour.health.certificate.SourceProblem;
import dev.detour.health.certificate.Verdict;
import dev.detour.health.inventory.Judgement;
import dev.detour.health.inventory.Served;
import dev.detour.health.inventory.SourceReport;
import dev.detour.health.source.KnownCertificate;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of certificates: points in time, not countdowns, so that samples stay the same until something changes and
 * queries are exact whenever they are made.
 */
final class CertificateMeters {
    private final MeterRegistry registry;
    private final Clock clock;
    private final MultiGauge notAfter;
    private final MultiGauge notBefore;
    private final MultiGauge expectedRenewal;
    private final MultiGauge used;
    private final MultiGauge info;
    private final MultiGauge served;
    private final Map<String, SourceReport> sources = new HashMap<>();
    private List<KnownCertificate> shown = List.of();
    private List<Served> shownServed = List.of();

    /** Meters in {@code registry}; {@code clock} tells how much of a life is used. */
    public CertificateMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.notAfter = gauge("detour.cert.not.after.timestamp.seconds", "Last moment of validity");
        this.notBefore = gauge("detour.cert.not.before.timestamp.seconds", "First moment of validity");
        this.expectedRenewal = gauge(
                "detour.cert.expected.renewal.timestamp.seconds", "When it should have been renewed by whoever does");
        this.used = gauge("detour.cert.lifespan.used.ratio", "Share of its life that has passed");
        this.info = gauge("detour.cert.info", "Always 1; its labels say what the certificate is");
        this.served = gauge("detour.cert.served.matches.source", "1 if the server shows what lies on the disk");
    }

    private MultiGauge gauge(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Shows what is known now; rows change only if certificates did. */
    synchronized void show(List<SourceReport> reports, Judgement judgement, List<Served> compared) {
        reports.forEach(this::source);
        List<KnownCertificate> certificates = reports.stream()
                .flatMap(report -> report.certificates().stream())
                .toList();
        if (!certificates.equals(shown)) {
            shown = certificates;
            rows(certificates, judgement);
        }
        if (!compared.equals(shownServed)) {
            shownServed = compared;
            served.register(
                    compared.stream()
                            .map(each -> MultiGauge.Row.of(
                                    Tags.of("source", each.source(), "server", each.target()), each.matches() ? 1 : 0))
                            .toList(),
                    true);
        }
    }

    private void source(SourceReport report) {
        boolean known = sources.put(report.name(), report) != null;
        if (known) {
            return;
        }
        Tags tags = Tags.of("source", report.name(), "kind", report.kind().label());
        Gauge.builder("detour.cert.source.up", this, of(report.name(), each -> each.up() ? 1 : 0))
                .description("1 if the last look at the source saw everything")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "detour.cert.source.looked.timestamp.seconds",
                        this,
                        of(report.name(), each -> seconds(each.looked())))
                .description("When the last look at the source ended; NaN before the first one")
                .tags(tags)
                .register(registry);
        for (SourceProblem.Kind kind : SourceProblem.Kind.values()) {
            FunctionCounter.builder(
                            "detour.cert.source.errors",
                            this,
                            of(report.name(), each -> each.errors().getOrDefault(kind, 0L)))
                    .description("What looks at the source could not see")
                    .tags("source", report.name(), "reason", kind.label())
                    .register(registry);
        }
    }

    private static ToDoubleFunction<CertificateMeters> of(String source, ToDoubleFunction<SourceReport> value) {
        return meters -> {
            SourceReport report = meters.report(source);
            return report == null ? Double.NaN : value.applyAsDouble(report);
        };
    }

    private synchronized @Nullable SourceReport report(String source) {
        return sources.get(source);
    }

    private void rows(List<KnownCertificate> certificates, Judgement judgement) {
        List<MultiGauge.Row<?>> ends = new ArrayList<>();
        List<MultiGauge.Row<?>> begins = new ArrayList<>();
        List<MultiGauge.Row<?>> renewals = new ArrayList<>();
        List<MultiGauge.Row<?>> shares = new ArrayList<>();
        List<MultiGauge.Row<?>> infos = new ArrayList<>();
        Instant now = clock.instant();
        for (KnownCertificate each : certificates) {
            CertificateFacts facts = each.facts();
            Verdict verdict = judgement.verdict(each, now);
            Tags tags = Tags.of(
                    "source",
                    each.source(),
                    "place",
                    each.place().source(),
                    "entry",
                    each.place().entry());
            ends.add(MultiGauge.Row.of(tags, seconds(facts.notAfter())));
            begins.add(MultiGauge.Row.of(tags, seconds(facts.notBefore())));
            renewals.add(MultiGauge.Row.of(tags, seconds(verdict.expectedRenewal())));
            shares.add(MultiGauge.Row.of(tags, facts, cert -> cert.used(clock.instant())));
            infos.add(MultiGauge.Row.of(
                    tags.and(
                            "subject",
                            CertificateFacts.printable(facts.subject()),
                            "issuer",
                            CertificateFacts.printable(facts.issuer()),
                            "serial",
                            facts.serial(),
                            "fingerprint",
                            facts.fingerprint(),
                            "class",
                            verdict.kind().label()),
                    1));
        }
        notAfter.register(ends, true);
        notBefore.register(begins, true);
        expectedRenewal.register(renewals, true);
        used.register(shares, true);
        info.register(infos, true);
    }

    private static double seconds(@Nullable Instant instant) {
        return instant == null ? Double.NaN : instant.toEpochMilli() / 1_000.0;
    }
}
