package dev.detour.proxy.matrix;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs many trials at a time under one TLS engine, which is chosen for the whole program. */
final class SideBySide implements AutoCloseable {
    private static final String PROVIDER = "detour.tls.provider";
    private static final int AT_A_TIME = 12;

    private final @Nullable String before = System.getProperty(PROVIDER);
    private final ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);

    SideBySide(String provider) {
        System.setProperty(PROVIDER, provider);
    }

    /** Runs all; gives the results in the order given. */
    <K, V> Map<K, V> run(Map<K, Callable<V>> trials) throws Exception {
        Map<K, Future<V>> running = new LinkedHashMap<>();
        trials.forEach((key, trial) -> running.put(key, pool.submit(trial)));
        Map<K, V> results = new LinkedHashMap<>();
        for (Map.Entry<K, Future<V>> each : running.entrySet()) {
            results.put(each.getKey(), each.getValue().get());
        }
        return results;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        if (before == null) {
            System.clearProperty(PROVIDER);
        } else {
            System.setProperty(PROVIDER, before);
        }
    }
}
