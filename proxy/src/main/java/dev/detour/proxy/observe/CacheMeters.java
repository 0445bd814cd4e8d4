package dev.detour.proxy.observe;

import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The meters of the cache itself; what it answers is counted with all other answers, by {@code source}. */
public final class CacheMeters {
    private CacheMeters() {}

    /** Registers the meters of {@code cache}. */
    public static void register(MeterRegistry registry, CacheControls cache) {
        gauge(registry, cache, "entries", "Answers kept", CacheStatistics::entries);
        gauge(registry, cache, "bytes", "What the answers kept take up", CacheStatistics::bytes);
        gauge(registry, cache, "capacity.bytes", "What the answers kept may take up", CacheStatistics::capacity);
        counter(registry, cache, "stored", "Answers taken in", CacheStatistics::stored);
        counter(registry, cache, "evictions", "Answers given up for want of room", CacheStatistics::evictions);
        counter(registry, cache, "collapsed", "Requests that waited for another's fetch", CacheStatistics::collapsed);
        counter(registry, cache, "revalidated", "Answers that still held", CacheStatistics::revalidated);
    }

    private static void gauge(
            MeterRegistry registry,
            CacheControls cache,
            String name,
            String description,
            ToDoubleFunction<CacheStatistics> value) {
        Gauge.builder("detour.cache." + name, cache, each -> value.applyAsDouble(each.statistics()))
                .description(description)
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            CacheControls cache,
            String name,
            String description,
            ToDoubleFunction<CacheStatistics> value) {
        FunctionCounter.builder("detour.cache." + name, cache, each -> value.applyAsDouble(each.statistics()))
                .description(description)
                .register(registry);
    }
}
