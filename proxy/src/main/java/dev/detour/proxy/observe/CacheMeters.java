package dev.detour.proxy.observe;

import dev.detour.proxy.cache.CacheControls;
import dev.detour.proxy.cache.CacheStatistics;
import dev.detour.proxy.cache.DiskStatistics;
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
        if (cache.statistics().disk() != null) {
            registerDisk(registry, cache);
        }
    }

    private static void registerDisk(MeterRegistry registry, CacheControls cache) {
        gauge(registry, cache, "disk.bytes", "What the copies on disk take up", disk(DiskStatistics::bytes));
        gauge(registry, cache, "disk.capacity.bytes", "What they may take up", disk(DiskStatistics::capacity));
        gauge(registry, cache, "disk.usable", "1 if the disk works", disk(disk -> disk.problem() == null ? 1 : 0));
        counter(registry, cache, "disk.recalled", "Answers read from disk", disk(DiskStatistics::recalled));
        counter(registry, cache, "disk.saved", "Answers written to disk", disk(DiskStatistics::saved));
        counter(registry, cache, "disk.skipped", "Answers not written: too slow", disk(DiskStatistics::skipped));
        counter(registry, cache, "disk.damaged", "Copies dropped as damaged", disk(DiskStatistics::damaged));
        counter(registry, cache, "disk.failures", "Uses of the disk that failed", disk(DiskStatistics::failures));
    }

    private static ToDoubleFunction<CacheStatistics> disk(ToDoubleFunction<DiskStatistics> value) {
        return all -> all.disk() == null ? 0 : value.applyAsDouble(all.disk());
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
