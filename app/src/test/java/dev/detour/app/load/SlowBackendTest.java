package dev.detour.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.load.LoadClient;
import dev.detour.testkit.load.LoadFault;
import dev.detour.testkit.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The backend answers right and far too late: the breaker opens for slowness, and clients wait no longer than they must. */
@Timeout(60)
class SlowBackendTest {
    /** More than are ever in progress: at first each takes as long as the backend does. */
    private static final int CONNECTIONS = 1000;

    @Test
    void slowCallsOpenTheBreaker(@TempDir Path directory) throws Exception {
        String settings = "breaker: {slow-call: 400ms, slow-rate: 80%, open-for: 30s}";

        LoadReport after = run(directory, settings, Duration.ofMillis(500), Duration.ofSeconds(5))
                .afterOpening();

        assertThat(after.millisAt(0.99)).isLessThan(200);
    }

    @Test
    void nobodyWaitsLongerThanDivertAfterAllows(@TempDir Path directory) throws Exception {
        String settings = "divert-after: 800ms\nbreaker: {slow-call: 3s, slow-rate: 80%, open-for: 30s}";

        LoadReport all = run(directory, settings, Duration.ofSeconds(4), Duration.ofSeconds(8))
                .whileSlow();

        assertThat(all.millisAt(0.99)).isLessThanOrEqualTo(1000);
        assertThat(all.answersFrom("mirror")).isEqualTo(all.answers());
    }

    private record Outcome(LoadReport whileSlow, LoadReport afterOpening) {}

    private static Outcome run(Path directory, String settings, Duration slowness, Duration opens) throws Exception {
        try (LoadRig rig = LoadRig.start(directory, settings);
                LoadClient client = rig.load(CONNECTIONS, rig.pages().simpleAndJson())) {
            client.pass(Duration.ofSeconds(1));
            LoadReport healthy = client.lap();
            rig.endpoints().forEach(each -> {
                each.slowness(slowness);
                each.fault(LoadFault.SLOW);
            });
            // requests on their way were answered in time
            client.pass(Duration.ofMillis(100));
            client.lap();
            client.pass(opens);
            LoadReport whileSlow = client.lap();
            Metrics open = rig.metrics();
            client.pass(Duration.ofSeconds(2));
            LoadReport after = client.lap();
            LoadReport all = client.finish(Duration.ofSeconds(10));

            System.out.println("slow by " + slowness + ": healthy " + healthy + "\n  slow " + whileSlow + "\n  open "
                    + after + open.lines("detour_breaker_state", "detour_diverted_total"));
            assertThat(all.complaints()).isEmpty();
            assertThat(all.errors()).isZero();
            assertThat(healthy.answersFrom("backend")).isEqualTo(healthy.answers());
            assertThat(open.sum("detour_breaker_state")).isEqualTo(1);
            assertThat(after.answersFrom("mirror")).isEqualTo(after.answers());
            assertThat(rig.metrics().requests()).isEqualTo(all.answers());
            return new Outcome(whileSlow, after);
        }
    }
}
