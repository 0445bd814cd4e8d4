package dev.detour.proxy.observe;

import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.DiskStatistics;
import dev.detour.proxy.exchange.CacheResult;
import dev.detour.proxy.exchange.ClientAnswer;
import dev.detour.proxy.exchange.ExchangeObserver;
import dev.detour.proxy.exchange.FillOutcome;
import dev.detour.proxy.route.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of the cache: what it made of requests and how long its fetches take, by route, and what it holds. Handles are
 * kept, as those of {@link ExchangeMeters} are.
 */
public final class CacheMeters implements ExchangeObserver {
    private record RequestKey(String route, CacheResult result) {}

    private record FillKey(String route, FillOutcome outcome) {}

    private final MeterRegistry registry;
    private final Map<RequestKey, Counter> requests = new ConcurrentHashMap<>();
    private final Map<FillKey, Timer> fills = new ConcurrentHashMap<>();

    /** Meters in {@code registry}. */
    public CacheMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void onFinished(ClientAnswer answer) {
        CacheResult result = answer.cacheResult();
        if (result != null) {
            RequestKey key = new RequestKey(answer.route().name(), result);
            Counter counter = requests.get(key);
            (counter == null ? requests.computeIfAbsent(key, this::requestCounter) : counter).increment();
        }
    }

    private Counter requestCounter(RequestKey key) {
        return Counter.builder("detour.cache.requests")
                .description("Requests that the cache had to do with, by what it made of them")
                .tag("route", key.route())
                .tag("result", key.result().label())
                .register(registry);
    }

    @Override
    public void onFill(Route route, FillOutcome outcome, long nanos) {
        fills.computeIfAbsent(new FillKey(route.name(), outcome), this::fillTimer)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer fillTimer(FillKey key) {
        return Timer.builder("detour.cache.fill")
                .description("Fetches for the cache, by how they ended")
                .tag("route", key.route())
                .tag("outcome", key.outcome().label())
                .serviceLevelObjectives(ExchangeMeters.BUCKETS)
                .register(registry);
    }

    /** Registers the meters of what {@code cache} holds. */
    public void watch(CacheControls cache) {
        gauge(cache, "entries", "Answers kept", CacheStatistics::entries);
        gauge(cache, "bytes", "What the answers kept take up", CacheStatistics::bytes);
        gauge(cache, "capacity.bytes", "What the answers kept may take up", CacheStatistics::capacity);
        counter(cache, "stored", "Answers taken in", CacheStatistics::stored);
        counter(cache, "evictions", "Answers given up for want of room", CacheStatistics::evictions);
        counter(cache, "collapsed", "Requests that waited for another's fetch", CacheStatistics::collapsed);
        counter(cache, "revalidated", "Answers that still held", CacheStatistics::revalidated);
        if (cache.statistics().disk() != null) {
            watchDisk(cache);
        }
    }

    private void watchDisk(CacheControls cache) {
        gauge(cache, "disk.bytes", "What the copies on disk take up", disk(DiskStatistics::bytes));
        gauge(cache, "disk.capacity.bytes", "What they may take up", disk(DiskStatistics::capacity));
        gauge(cache, "disk.usable", "1 if the disk works", disk(disk -> disk.problem() == null ? 1 : 0));
        counter(cache, "disk.recalled", "Answers read from disk", disk(DiskStatistics::recalled));
        counter(cache, "disk.saved", "Answers written to disk", disk(DiskStatistics::saved));
        counter(cache, "disk.skipped", "Answers not written: too slow", disk(DiskStatistics::skipped));
        counter(cache, "disk.damaged", "Copies dropped as damaged", disk(DiskStatistics::damaged));
        counter(cache, "disk.failures", "Uses of the disk that failed", disk(DiskStatistics::failures));
    }

    private static ToDoubleFunction<CacheStatistics> disk(ToDoubleFunction<DiskStatistics> value) {
        return all -> all.disk() == null ? 0 : value.applyAsDouble(all.disk());
    }

    private void gauge(CacheControls cache, String name, String description, ToDoubleFunction<CacheStatistics> value) {
        Gauge.builder("detour.cache." + name, cache, each -> value.applyAsDouble(each.statistics()))
                .description(description)
                .register(registry);
    }

    private void counter(
            CacheControls cache, String name, String description, ToDoubleFunction<CacheStatistics> value) {
        FunctionCounter.builder("detour.cache." + name, cache, each -> value.applyAsDouble(each.statistics()))
                .description(description)
                .register(registry);
    }
}
