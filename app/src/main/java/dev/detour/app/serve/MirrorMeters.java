package dev.detour.app.serve;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorResource;
import dev.detour.mirror.MirrorStatus;
import dev.detour.mirror.audit.Fidelity;
import dev.detour.mirror.audit.Verdict;
import dev.detour.mirror.capture.CaptureObserver;
import dev.detour.mirror.capture.CaptureOutcome;
import dev.detour.mirror.page.Feature;
import dev.detour.mirror.sync.Outcome;
import dev.detour.mirror.sync.SyncObserver;
import dev.detour.mirror.sync.SyncReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** The meters of the mirrors: a scrape asks the mirror, which reads its state at most once a second. */
final class MirrorMeters {
    private static final String MIRROR = "mirror";

    private final MeterRegistry registry;

    MirrorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(String name, Mirror mirror) {
        Gauge.builder("detour.mirror.age.seconds", mirror, MirrorMeters::ageSeconds)
                .description("Time since the copied state was taken from the backend; NaN if unknown")
                .tag(MIRROR, name)
                .register(registry);
        Gauge.builder("detour.mirror.fit", mirror, watched -> watched.status().fit() ? 1 : 0)
                .description("1 if the mirror may answer")
                .tag(MIRROR, name)
                .register(registry);
    }

    private static double ageSeconds(Mirror mirror) {
        MirrorStatus status = mirror.status();
        Duration age = status.age();
        return age == null ? Double.NaN : age.toMillis() / 1000.0;
    }

    void watch(String name, StoreService store) {
        if (store.fidelity() == null) {
            return;
        }
        Gauge.builder("detour.mirror.fidelity.ratio", store, of(fidelity -> {
                    Double ratio = fidelity.ratio();
                    return ratio == null ? Double.NaN : ratio;
                }))
                .description("Share of the pages compared last that are the index's; NaN if none was compared")
                .tag(MIRROR, name)
                .register(registry);
        Gauge.builder(
                        "detour.mirror.worst.lag.seconds",
                        store,
                        of(fidelity -> fidelity.worstLag().toMillis() / 1000.0))
                .description("How long the oldest known change of the index has been waiting to be copied")
                .tag(MIRROR, name)
                .register(registry);
        FunctionCounter.builder("detour.mirror.repairs", store, of(Fidelity::repairs))
                .description("Pages fetched again because they were different from the index's")
                .tag(MIRROR, name)
                .register(registry);
        for (Feature feature : Feature.values()) {
            Gauge.builder(
                            "detour.mirror.coverage.ratio",
                            store,
                            of(fidelity -> fidelity.coverage().getOrDefault(feature, Double.NaN)))
                    .description(
                            "Share of what the compared pages of the index have of a feature that the mirror has too")
                    .tag(MIRROR, name)
                    .tag("feature", feature.label())
                    .register(registry);
        }
        for (Verdict verdict : Verdict.values()) {
            FunctionCounter.builder(
                            "detour.mirror.audits",
                            store,
                            of(fidelity -> fidelity.byVerdict().getOrDefault(verdict, 0L)))
                    .description("Comparisons of pages of the mirror with the index's")
                    .tag(MIRROR, name)
                    .tag("verdict", verdict.label())
                    .register(registry);
        }
    }

    private static ToDoubleFunction<StoreService> of(ToDoubleFunction<Fidelity> value) {
        return store -> {
            Fidelity fidelity = store.fidelity();
            return fidelity == null ? Double.NaN : value.applyAsDouble(fidelity);
        };
    }

    /** Observes what one mirror makes of answers that pass. */
    CaptureObserver capture(String name) {
        Map<CaptureOutcome, Counter> outcomes = new EnumMap<>(CaptureOutcome.class);
        for (CaptureOutcome outcome : CaptureOutcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("detour.mirror.captures")
                            .description("Answers of the backend that passed by, by what the mirror made of them")
                            .tag(MIRROR, name)
                            .tag(
                                    "outcome",
                                    outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        return new CaptureObserver() {
            @Override
            public void onOutcome(MirrorResource resource, CaptureOutcome outcome, String detail) {
                Counter counter = outcomes.get(outcome);
                if (counter != null) {
                    counter.increment();
                }
            }
        };
    }

    /** Observes one mirror's runs. */
    SyncObserver sync(String name) {
        return new SyncMeters(name);
    }

    private final class SyncMeters implements SyncObserver {
        private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
        private final AtomicLong parked = new AtomicLong();
        private final Timer confirmed;
        private final Timer unconfirmed;

        SyncMeters(String name) {
            for (Outcome outcome : Outcome.values()) {
                outcomes.put(
                        outcome,
                        Counter.builder("detour.mirror.sync.projects")
                                .description("Projects fetched from the index, by what came of it")
                                .tag(MIRROR, name)
                                .tag("outcome", outcome.label())
                                .register(registry));
            }
            confirmed = run(name, "true");
            unconfirmed = run(name, "false");
            Gauge.builder("detour.mirror.sync.parked", parked, AtomicLong::get)
                    .description("Projects that could not be copied and are tried again later")
                    .tag(MIRROR, name)
                    .register(registry);
        }

        private Timer run(String name, String isConfirmed) {
            return Timer.builder("detour.mirror.sync.run.seconds")
                    .description("Runs of the sync; confirmed if the copy agrees with the index's list afterwards")
                    .tag(MIRROR, name)
                    .tag("confirmed", isConfirmed)
                    .register(registry);
        }

        @Override
        public void onProject(String project, Outcome outcome, String detail) {
            Counter counter = outcomes.get(outcome);
            if (counter != null) {
                counter.increment();
            }
        }

        @Override
        public void onFinish(SyncReport report) {
            parked.set(report.parkedCount());
            (report.confirmed() ? confirmed : unconfirmed).record(report.took());
        }
    }
}
