package dev.detour.app.serve;

import dev.detour.mirror.Mirror;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Whether some mirror may answer, looked at every two seconds: event loops ask, and must not read files. */
final class MirrorFitness {
    private static final long PERIOD_SECONDS = 2;

    private final Collection<Mirror> mirrors;
    private volatile boolean anyFit;

    private MirrorFitness(Collection<Mirror> mirrors) {
        this.mirrors = mirrors;
    }

    static MirrorFitness watch(Map<String, Mirror> mirrors, ScheduledExecutorService scheduler) {
        MirrorFitness fitness = new MirrorFitness(List.copyOf(mirrors.values()));
        fitness.look();
        var unused = scheduler.scheduleWithFixedDelay(fitness::look, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        return fitness;
    }

    private void look() {
        anyFit = mirrors.stream().anyMatch(mirror -> mirror.status().fit());
    }

    boolean anyFit() {
        return anyFit;
    }
}
