package dev.detour.app.serve;

import dev.detour.mirror.Mirror;
import dev.detour.mirror.MirrorStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** The meters of the mirrors: a scrape asks the mirror, which reads its state at most once a second. */
final class MirrorMeters {
    private final MeterRegistry registry;

    MirrorMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void watch(String name, Mirror mirror) {
        Gauge.builder("detour.mirror.age.seconds", mirror, MirrorMeters::ageSeconds)
                .description("Time since the copied state was taken from the backend; NaN if unknown")
                .tag("mirror", name)
                .register(registry);
        Gauge.builder("detour.mirror.fit", mirror, watched -> watched.status().fit() ? 1 : 0)
                .description("1 if the mirror may answer")
                .tag("mirror", name)
                .register(registry);
    }

    private static double ageSeconds(Mirror mirror) {
        MirrorStatus status = mirror.status();
        Duration age = status.age();
        return age == null ? Double.NaN : age.toMillis() / 1000.0;
    }
}
