package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Once the breaker is open, the mirror serves as fast as the backend did. */
@Timeout(60)
class OpenBreakerLatencyTest {
    private static final int CONNECTIONS = 8;
    private static final int REQUESTS = 2_000;

    /** On a busy machine of two cores a p99 below this is noise, in microseconds. */
    private static final long FLOOR_MICROS = 5_000;

    @Test
    void p99IsNoWorseThanTwiceTheHealthyOne(@TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory)) {
            List<Resource> resources = Resource.mixture(session);
            measure(session, resources, "backend");
            long healthy = p99(measure(session, resources, "backend"));
            openBreaker(session, resources.get(0));
            measure(session, resources, "mirror");

            long diverted = p99(measure(session, resources, "mirror"));

            System.out.printf("p99 in microseconds: healthy %d, breaker open %d%n", healthy, diverted);
            assertThat(diverted)
                    .as("p99 in microseconds, healthy %d", healthy)
                    .isLessThanOrEqualTo(Math.max(2 * healthy, FLOOR_MICROS));
        }
    }

    private static void openBreaker(DemoSession session, Resource resource) throws IOException, InterruptedException {
        session.set(DemoFault.REFUSE);
        try (RawClient client = RawClient.clear(session.port())) {
            // the window is 20 long, and half of it must be failures
            for (int i = 0; i < 20; i++) {
                assertThat(resource.complaint(resource.get(client))).isEmpty();
            }
        }
        session.lines().await(line -> line.reason().equals("breaker_open"), Duration.ofSeconds(5));
    }

    /** How long each request took, in microseconds. */
    private static long[] measure(DemoSession session, List<Resource> resources, String source) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Callable<long[]>> tasks = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                tasks.add(() -> measureOne(session.port(), resources, source));
            }
            LongStream all = LongStream.empty();
            for (Future<long[]> each : clients.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
                all = LongStream.concat(all, Arrays.stream(each.get()));
            }
            return all.toArray();
        } finally {
            clients.shutdownNow();
        }
    }

    private static long[] measureOne(int port, List<Resource> resources, String source) throws IOException {
        long[] micros = new long[REQUESTS / CONNECTIONS];
        try (RawClient client = RawClient.clear(port)) {
            for (int i = 0; i < micros.length; i++) {
                Resource resource = resources.get(i % resources.size());
                long started = System.nanoTime();
                RawResponse answer = resource.get(client);
                micros[i] = (System.nanoTime() - started) / 1_000;
                assertThat(resource.complaint(answer)).isEmpty();
                assertThat(answer.header("Detour-Source")).isEqualTo(source);
            }
        }
        return micros;
    }

    private static long p99(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length * 99 / 100];
    }
}
