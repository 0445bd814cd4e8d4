package dev.detour.mirror.sync;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The projects that somebody waits for, first come first served: they go before everything else. Thread-safe. */
final class Wanted {
    /** Whoever asks for more names than this is no client that waits. */
    private static final int MOST = 10_000;

    private final ConcurrentLinkedQueue<String> queue = new ConcurrentLinkedQueue<>();
    private final Set<String> queued = ConcurrentHashMap.newKeySet();

    void add(String project) {
        if (queued.size() < MOST && queued.add(project)) {
            queue.add(project);
        }
    }

    @Nullable String poll() {
        String project = queue.poll();
        if (project != null) {
            queued.remove(project);
        }
        return project;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
