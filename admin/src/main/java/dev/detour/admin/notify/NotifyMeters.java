package dev.detour.admin.notify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;

/**
 * The meters of what is told: {@code detour.notifications{receiver,outcome}} and
 * {@code detour.notification.failing.since.timestamp{receiver}}, which is 0 while a receiver accepts.
 */
public final class NotifyMeters implements NotifyObserver {
    private final MeterRegistry registry;

    public NotifyMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows the receivers of {@code notifier}, with counters that begin at 0 so that the first failure is an increase. */
    public void bind(Notifier notifier) {
        for (ReceiverStatus status : notifier.status()) {
            String name = status.name();
            Gauge.builder("detour.notification.failing.since.timestamp", notifier, it -> failingSince(it, name))
                    .description("When the receiver began to fail, 0 while it accepts")
                    .baseUnit("seconds")
                    .tag("receiver", name)
                    .strongReference(true)
                    .register(registry);
            for (Outcome outcome : Outcome.values()) {
                counter(name, outcome);
            }
        }
    }

    private static double failingSince(Notifier notifier, String name) {
        return notifier.status().stream()
                .filter(status -> status.name().equals(name))
                .map(ReceiverStatus::failingSince)
                .filter(since -> since != null)
                .mapToDouble(Instant::getEpochSecond)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void onSent(String receiver, Outcome outcome) {
        counter(receiver, outcome).increment();
    }

    private Counter counter(String receiver, Outcome outcome) {
        return Counter.builder("detour.notifications")
                .description("Messages about alarms, by how they ended")
                .tag("receiver", receiver)
                .tag("outcome", outcome.label())
                .register(registry);
    }
}
