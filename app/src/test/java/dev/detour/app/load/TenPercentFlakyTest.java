package dev.detour.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.load.LoadClient;
import dev.detour.testkit.load.LoadFault;
import dev.detour.testkit.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One in ten answers of the backend is a 503 or a reset: another endpoint answers, and neither clients nor the breaker notice. */
@Timeout(120)
class TenPercentFlakyTest {
    private static final double BUDGET = 0.2;

    /** Keeps the flaky endpoint in use, so that only retries stand between it and the clients. */
    private static final String NO_EJECTION = "outlier: {consecutive: 1000000, failure-rate: 100%}";

    @Test
    void clientsNeverNoticeAnEndpointThatFailsAtRandom(@TempDir Path directory) throws Exception {
        LoadReport report = run(directory, "retry: {attempts: 2, budget: 20%}", Duration.ofSeconds(15));

        assertThat(report.answers()).isGreaterThanOrEqualTo(15L * LoadRig.RATE - 1);
    }

    @Test
    void retriesAloneKeepTheFailuresFromClientsWithinTheirBudget(@TempDir Path directory) throws Exception {
        LoadReport report = run(directory, "retry: {attempts: 2, budget: 20%}\n" + NO_EJECTION, Duration.ofSeconds(60));

        assertThat(report.answers()).isGreaterThanOrEqualTo(60L * LoadRig.RATE - 1);
    }

    private static LoadReport run(Path directory, String settings, Duration time) throws Exception {
        try (LoadRig rig = LoadRig.start(directory, settings);
                LoadClient client = rig.load(100, rig.pages().small())) {
            rig.endpoint(0).faults(threeInTen(new Random(3)));

            client.pass(time);
            LoadReport report = client.finish(Duration.ofSeconds(10));

            Metrics metrics = rig.metrics();
            long repeated = rig.heads() - report.answers();
            long flaky = rig.endpoint(0).heads().total();
            System.out.println("flaky: " + report + "; " + flaky + " of " + rig.heads()
                    + " requests came to the flaky endpoint, " + repeated + " were repeats, retries "
                    + metrics.sum("detour_retries_total") + metrics.lines("detour_attempts_total"));
            assertThat(report.complaints()).isEmpty();
            assertThat(report.errors()).isZero();
            assertThat(report.answersFrom("backend")).isEqualTo(report.answers());
            assertThat(repeated).isBetween(1L, (long) (BUDGET * report.answers()));
            assertThat(metrics.sum("detour_retries_total")).isBetween(1L, repeated);
            assertThat(metrics.sum("detour_breaker_state")).isZero();
            assertThat(metrics.requests()).isEqualTo(report.answers());
            return report;
        }
    }

    /** Three in ten of one endpoint are one in ten of three. Called on one thread. */
    private static Supplier<LoadFault> threeInTen(Random random) {
        return () -> {
            if (random.nextInt(10) >= 3) {
                return LoadFault.NONE;
            }
            return random.nextBoolean() ? LoadFault.STATUS_503 : LoadFault.RESET;
        };
    }
}
