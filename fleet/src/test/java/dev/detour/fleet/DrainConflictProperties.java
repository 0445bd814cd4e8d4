package dev.detour.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Drains;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Several operators at once, each changing only what he has seen. */
class DrainConflictProperties {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private Path directory = Path.of("set before each try");

    @BeforeTry
    void makeADirectory() throws IOException {
        directory = Files.createTempDirectory("drains");
    }

    @AfterTry
    void removeTheDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.delete(directory);
    }

    @Property(tries = 40)
    void noOperatorOverwritesAnotherUnseen(
            @ForAll @Size(min = 2, max = 4) List<@Size(min = 1, max = 6) List<@IntRange(max = 2) Integer>> operators)
            throws Exception {
        List<Long> told = new ArrayList<>();
        List<Long> changed = new ArrayList<>();
        Drains last;
        try (LocalOperatorState state = LocalOperatorState.open(directory, clock, new ManualScheduler())) {
            state.onDrains(drains -> told.add(drains.version()));
            ExecutorService threads = Executors.newFixedThreadPool(operators.size());
            CyclicBarrier together = new CyclicBarrier(operators.size());
            List<Callable<List<Long>>> work = operators.stream()
                    .<Callable<List<Long>>>map(endpoints -> () -> toggleEach(state, endpoints, together))
                    .toList();
            for (Future<List<Long>> done : threads.invokeAll(work)) {
                changed.addAll(done.get());
            }
            threads.shutdown();
            last = state.drains();
        }

        // Every wish flips exactly one endpoint from a state that its operator saw: so each made one version of its
        // own,
        int wishes = operators.stream().mapToInt(List::size).sum();
        assertThat(changed)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, wishes).boxed().toList());
        // listeners heard of them in order,
        assertThat(told)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(0, wishes).boxed().toList());
        // an endpoint flipped an odd number of times is drained,
        for (int endpoint = 0; endpoint <= 2; endpoint++) {
            int which = endpoint;
            long flips = operators.stream()
                    .flatMap(List::stream)
                    .filter(wish -> wish == which)
                    .count();
            assertThat(last.contains("warehouse", name(endpoint))).isEqualTo(flips % 2 == 1);
        }
        // and a restart finds just that.
        try (LocalOperatorState again = LocalOperatorState.open(directory, clock, new ManualScheduler())) {
            assertThat(again.drains()).isEqualTo(last);
        }
    }

    /** Flips each endpoint; after a conflict looks again and decides again. Returns the versions made. */
    private static List<Long> toggleEach(LocalOperatorState state, List<Integer> endpoints, CyclicBarrier together)
            throws Exception {
        List<Long> made = new ArrayList<>();
        together.await();
        for (int endpoint : endpoints) {
            boolean done = false;
            while (!done) {
                Drains seen = state.drains();
                boolean wish = !seen.contains("warehouse", name(endpoint));
                try {
                    made.add(state.drain("warehouse", name(endpoint), wish, null, seen.version())
                            .version());
                    done = true;
                } catch (ConflictException conflict) {
                    assertThat(conflict.versionInForce()).isGreaterThan(seen.version());
                }
            }
        }
        return made;
    }

    private static String name(int endpoint) {
        return "10.0.0." + endpoint + ":443";
    }
}
