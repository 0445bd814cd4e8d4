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

/** One of three endpoints answers 502 and nothing else: it soon gets no traffic, and no client sees one of its answers. */
@Timeout(60)
class OneOfThreeBrokenTest {
    @Test
    void brokenEndpointIsLeftAloneAndClientsSeeNothing(@TempDir Path directory) throws Exception {
        try (LoadRig rig = LoadRig.start(directory, "outlier: {eject-for: 4s}");
                LoadClient client = rig.load(100, rig.pages().small())) {
            client.pass(Duration.ofSeconds(1));
            rig.endpoint(0).fault(LoadFault.STATUS_502);
            long broken = System.nanoTime();

            client.pass(Duration.ofSeconds(15));
            long end = System.nanoTime();
            LoadReport report = client.finish(Duration.ofSeconds(10));

            long before = rig.endpoint(0).heads().between(broken, broken + 5_000_000_000L);
            long after = rig.endpoint(0).heads().between(broken + 5_000_000_000L, end);
            System.out.println("one of three broken: " + report + "; it got " + before + " requests within 5 s, then "
                    + after + " within 10 s");
            assertThat(report.complaints()).isEmpty();
            assertThat(report.errors()).isZero();
            assertThat(report.answersFrom("backend")).isEqualTo(report.answers());
            // each time it comes back it is on probation: one failure more, and what was on its way just then
            assertThat(before).isBetween(5L, 40L);
            assertThat(after).isBetween(1L, 10L);
            assertThat(rig.metrics().sum("detour_breaker_state")).isZero();
            assertThat(rig.metrics().requests()).isEqualTo(report.answers());
            assertThat(rig.metrics().attempts()).isEqualTo(rig.heads());
        }
    }
}
