package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the unlucky client waits whose request is the first to meet a fault. */
@Timeout(60)
class DiversionDelayTest {
    /** What the demo's configuration has as {@code first-byte}. */
    private static final long FIRST_BYTE_MILLIS = 1_000;

    private static final int REPETITIONS = 5;

    @ParameterizedTest
    @CsvSource({"REFUSE, 50", "TLS_EXPIRED, 50", "TLS_UNTRUSTED, 50", "RESET, 50", "STATUS_500, 50"})
    void faultThatShowsAtOnceIsDivertedAtOnce(DemoFault fault, long limitMillis, @TempDir Path directory)
            throws Exception {
        try (DemoSession session = DemoSession.start(directory)) {
            List<Resource> resources = Resource.mixture(session);
            warmUp(session, resources, fault);

            long[] micros = measure(session, resources, fault);

            assertThat(median(micros))
                    .as("microseconds after %s: %s", fault.label(), Arrays.toString(micros))
                    .isLessThanOrEqualTo(limitMillis * 1_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"HANG, 50", "SLOW, 50"})
    void faultThatOnlyTimeShowsIsDivertedWhenTheFirstByteTimeoutEnds(
            DemoFault fault, long toleranceMillis, @TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory)) {
            List<Resource> resources = Resource.mixture(session);
            warmUp(session, resources, DemoFault.REFUSE);

            long[] micros = measure(session, resources, fault);

            assertThat(median(micros))
                    .as("microseconds after %s: %s", fault.label(), Arrays.toString(micros))
                    .isBetween(FIRST_BYTE_MILLIS * 1_000, (FIRST_BYTE_MILLIS + toleranceMillis) * 1_000);
        }
    }

    /** Times the first request after each of several breaks, on a connection of its own, with the breaker closed. */
    private static long[] measure(DemoSession session, List<Resource> resources, DemoFault fault) throws IOException {
        long[] micros = new long[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            serveHealthy(session, resources);
            session.set(fault);
            micros[i] = timeOne(session, resources.get(i % resources.size()));
            session.set(DemoFault.NONE);
        }
        System.out.println("first answer after " + fault.label() + ", microseconds: " + Arrays.toString(micros));
        return micros;
    }

    private static long timeOne(DemoSession session, Resource resource) throws IOException {
        long started = System.nanoTime();
        try (RawClient client = RawClient.clear(session.port())) {
            RawResponse answer = resource.get(client);
            long took = System.nanoTime() - started;
            assertThat(resource.complaint(answer)).isEmpty();
            assertThat(answer.header("Detour-Source")).isEqualTo("mirror");
            return Duration.ofNanos(took).toNanos() / 1_000;
        }
    }

    /** Enough good answers that the few bad ones never open the breaker: it has to be the request that finds the fault. */
    private static void serveHealthy(DemoSession session, List<Resource> resources) throws IOException {
        try (RawClient client = RawClient.clear(session.port())) {
            for (int i = 0; i < 20; i++) {
                Resource resource = resources.get(i % resources.size());
                RawResponse answer = resource.get(client);
                assertThat(resource.complaint(answer)).isEmpty();
                assertThat(answer.header("Detour-Source")).isEqualTo("backend");
            }
        }
    }

    /** Runs what is going to be timed, so that classes are loaded and pages rendered. */
    private static void warmUp(DemoSession session, List<Resource> resources, DemoFault fault) throws IOException {
        for (Resource resource : resources) {
            serveHealthy(session, resources);
            session.set(fault);
            timeOne(session, resource);
            session.set(DemoFault.NONE);
        }
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
