package dev.detour.app.watch;

import dev.detour.admin.notify.NotifyMeters;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/** The meters of everything that is watched, in one registry. */
public final class WatchMeters {
    private final MeterRegistry registry;
    private final Clock clock;

    /** Meters in {@code registry}; {@code clock} tells how much of a life is used. */
    public WatchMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    CertificateMeters certificates() {
        return new CertificateMeters(registry, clock);
    }

    CrlMeters crls() {
        return new CrlMeters(registry);
    }

    NotifyMeters notifications() {
        return new NotifyMeters(registry);
    }

    void count(Findings findings) {
        FindingMeters.watch(findings, registry);
    }
}
