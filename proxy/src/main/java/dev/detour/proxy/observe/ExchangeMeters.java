package dev.detour.proxy.observe;

import dev.detour.health.breaker.BreakerState;
import dev.detour.health.failure.Failure;
import dev.detour.health.tls.TlsReason;
import dev.detour.proxy.backend.Backend;
import dev.detour.proxy.exchange.ClientAnswer;
import dev.detour.proxy.exchange.ExchangeObserver;
import dev.detour.proxy.exchange.Source;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data path's meters. Handles are looked up once for each combination of labels and kept: building tags for every
 * request would cost more than counting.
 */
public final class ExchangeMeters implements ExchangeObserver {
    static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
                Duration.ofSeconds(1),
        Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30)
    };

    /** What a timer is for. Found by a short-lived key that escape analysis usually removes. */
    private record RequestKey(String route, Source source, int status) {}

    private record Labels(String first, String second, String third) {}

    private final MeterRegistry registry;
    private final LongSupplier nanoClock;
    private final Map<RequestKey, Timer> requests = new ConcurrentHashMap<>();
    private final Map<Labels, Counter> attempts = new ConcurrentHashMap<>();
    private final Map<Labels, Counter> diverted = new ConcurrentHashMap<>();
    private final Map<Labels, Counter> refused = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();
    private final Map<String, Counter> repeats = new ConcurrentHashMap<>();
    private final Map<Labels, Counter> handshakes = new ConcurrentHashMap<>();

    /**
     * Meters in {@code registry}.
     *
     * @param nanoClock the clock exchanges are timed with
     */
    public ExchangeMeters(MeterRegistry registry, LongSupplier nanoClock) {
        this.registry = registry;
        this.nanoClock = nanoClock;
    }

    /** Registers the gauges of a backend: {@code detour_breaker_state} is 0 closed, 1 open, 2 half-open. */
    public void watch(Backend backend) {
        Gauge.builder(
                        "detour.breaker.state",
                        backend,
                        watched -> stateNumber(watched.breaker().state()))
                .tag("backend", backend.name())
                .description("0 closed, 1 open, 2 half-open")
                .register(registry);
    }

    private static double stateNumber(BreakerState state) {
        return switch (state) {
            case CLOSED -> 0;
            case OPEN -> 1;
            case HALF_OPEN -> 2;
        };
    }

    @Override
    public void onAttempt(Backend backend, @Nullable Failure failure) {
        String outcome = failure == null ? "ok" : failure.label();
        known(attempts, new Labels(backend.name(), outcome, ""), this::attemptCounter)
                .increment();
        TlsReason tls = failure == null ? null : failure.tls();
        if (tls != null) {
            handshakes
                    .computeIfAbsent(new Labels(backend.name(), tls.label(), ""), this::handshakeCounter)
                    .increment();
        }
    }

    @Override
    public void onRetry(Backend backend) {
        retries.computeIfAbsent(backend.name(), this::retryCounter).increment();
    }

    @Override
    public void onRepeat(Backend backend) {
        repeats.computeIfAbsent(backend.name(), this::repeatCounter).increment();
    }

    @Override
    public void onFinished(ClientAnswer answer) {
        String route = answer.route().name();
        long duration = nanoClock.getAsLong() - answer.started();
        known(requests, new RequestKey(route, answer.source(), answer.status()), this::requestTimer)
                .record(duration, TimeUnit.NANOSECONDS);
        if (!answer.source().diverted()) {
            return;
        }
        String reason = Objects.requireNonNullElse(answer.reason(), "none");
        if (answer.source() == Source.REFUSAL) {
            refused.computeIfAbsent(new Labels(route, reason, ""), this::refusedCounter)
                    .increment();
        } else {
            diverted.computeIfAbsent(new Labels(route, answer.source().label(), reason), this::divertedCounter)
                    .increment();
        }
    }

    /** Looks before it leaps: {@code computeIfAbsent} may lock even where the key is known. */
    private static <K, M> M known(Map<K, M> meters, K key, Function<K, M> maker) {
        M meter = meters.get(key);
        return meter != null ? meter : meters.computeIfAbsent(key, maker);
    }

    private Timer requestTimer(RequestKey key) {
        return Timer.builder("detour.requests")
                .description("Requests answered, by who answered them")
                .tag("route", key.route())
                .tag("source", key.source().label())
                .tag("status", key.status() == 0 ? "none" : Integer.toString(key.status()))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter attemptCounter(Labels labels) {
        return Counter.builder("detour.attempts")
                .description("Attempts to get an answer from a backend")
                .tag("backend", labels.first())
                .tag("outcome", labels.second())
                .register(registry);
    }

    private Counter retryCounter(String backend) {
        return Counter.builder("detour.retries")
                .description("Attempts that followed a failed one")
                .tag("backend", backend)
                .register(registry);
    }

    private Counter repeatCounter(String backend) {
        return Counter.builder("detour.repeats")
                .description("Requests sent again because a kept connection was dead; no attempts, no retries")
                .tag("backend", backend)
                .register(registry);
    }

    private Counter handshakeCounter(Labels labels) {
        return Counter.builder("detour.tls.handshake.failures")
                .description("Failed TLS handshakes with a backend")
                .tag("backend", labels.first())
                .tag("reason", labels.second())
                .register(registry);
    }

    private Counter divertedCounter(Labels labels) {
        return Counter.builder("detour.diverted")
                .description("Requests answered from elsewhere than the backend")
                .tag("route", labels.first())
                .tag("source", labels.second())
                .tag("reason", labels.third())
                .register(registry);
    }

    private Counter refusedCounter(Labels labels) {
        return Counter.builder("detour.refused")
                .description("Requests nobody could or may answer")
                .tag("route", labels.first())
                .tag("reason", labels.second())
                .register(registry);
    }
}
