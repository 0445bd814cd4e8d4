package dev.detour.app.watch;

import dev.detour.health.crl.CrlAssessment;
import dev.detour.health.crl.CrlFacts;
import dev.detour.health.crl.KnownCrl;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The meters of revocation lists. What is not known, or not asked, is NaN. */
final class CrlMeters {
    private final MeterRegistry registry;
    private final Map<MultiGauge, BiFunction<KnownCrl, Instant, @Nullable Double>> gauges = new LinkedHashMap<>();

    /** Meters in {@code registry}. */
    public CrlMeters(MeterRegistry registry) {
        this.registry = registry;
        gauge("up", "1 if the list could be read last", (crl, at) -> crl.problem() == null ? 1.0 : 0.0);
        gauge("read.errors", "How often the list could not be read since the start", (crl, at) ->
                (double) crl.errors());
        facts("entries", "Certificates that it lists", facts -> facts.entries());
        facts("size.bytes", "Its size in DER", facts -> facts.bytes());
        facts("number", "Which it is in its issuer's series", facts -> facts.number());
        facts("this.update.timestamp.seconds", "When it was issued", facts -> seconds(facts.thisUpdate()));
        facts("next.update.timestamp.seconds", "When its successor is due", facts -> seconds(facts.nextUpdate()));
        gauge(
                "size.limit.bytes",
                "What its store takes",
                (crl, at) -> number(
                        crl.terms().limit() == null ? null : crl.terms().limit().bytes()));
        measured("shock.size.bytes", "Its size if every live certificate were revoked now", CrlAssessment::shock);
        measured("steady.size.bytes", "Where its size settles at today's rate", CrlAssessment::steadyState);
        measured("entries.expired.min", "Entries that are certainly of expired certificates", CrlAssessment::unpruned);
        measured(
                "limit.reached.timestamp.seconds",
                "When it reaches the limit of its store by its trend",
                assessment -> seconds(assessment.limitReached()));
    }

    /** A number that a list says or may not say. */
    private interface Value<T> {
        @Nullable Number of(T from);
    }

    private void gauge(String name, String description, BiFunction<KnownCrl, Instant, @Nullable Double> value) {
        gauges.put(
                MultiGauge.builder("detour.crl." + name)
                        .description(description)
                        .register(registry),
                value);
    }

    private void facts(String name, String description, Value<CrlFacts> value) {
        gauge(name, description, (crl, at) -> crl.facts() == null ? null : number(value.of(crl.facts())));
    }

    private void measured(String name, String description, Value<CrlAssessment> value) {
        gauge(name, description, (crl, at) -> {
            CrlAssessment assessment = crl.assessment(at);
            return assessment == null ? null : number(value.of(assessment));
        });
    }

    /** Shows what was read last. */
    synchronized void show(List<KnownCrl> known, Instant at) {
        gauges.forEach((gauge, value) -> gauge.register(
                known.stream()
                        .map(each -> MultiGauge.Row.of(
                                Tags.of("source", each.source(), "place", each.place()), orNaN(value.apply(each, at))))
                        .toList(),
                true));
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static @Nullable Double number(@Nullable Number number) {
        return number == null ? null : Double.valueOf(number.doubleValue());
    }

    private static @Nullable Double seconds(@Nullable Instant instant) {
        return instant == null ? null : Double.valueOf(instant.toEpochMilli() / 1_000.0);
    }
}
