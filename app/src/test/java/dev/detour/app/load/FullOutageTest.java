package dev.detour.app.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.load.LoadClient;
import dev.detour.testkit.load.LoadFault;
import dev.detour.testkit.load.LoadIndex;
import dev.detour.testkit.load.LoadReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All endpoints die under load and come back: clients get every page, the backend is left alone, and then loaded little by little. */
@Timeout(90)
class FullOutageTest {
    private static final int OPEN_FOR = 2;
    private static final int TRIAL_CALLS = 3;
    private static final int RAMP = 5;
    private static final int OUTAGE = 10;
    private static final long SECOND = 1_000_000_000L;

    private static final String SETTINGS = """
            timeouts: {connect: 500ms, first-byte: 500ms}
            breaker: {open-for: %ds, trial-calls: %d, ramp: %ds}
            """.formatted(OPEN_FOR, TRIAL_CALLS, RAMP);

    @Test
    void outageByRefusedConnectionsIsNoticedByNobody(@TempDir Path directory) throws Exception {
        outage(directory, LoadIndex::refuse, LoadIndex::listenAgain);
    }

    @Test
    void outageByHangingIsNoticedByNobody(@TempDir Path directory) throws Exception {
        outage(directory, each -> each.fault(LoadFault.HANG), each -> each.fault(LoadFault.NONE));
    }

    private static void outage(Path directory, Consumer<LoadIndex> breaking, Consumer<LoadIndex> healing)
            throws Exception {
        try (LoadRig rig = LoadRig.start(directory, SETTINGS);
                LoadClient client = rig.load(500, rig.pages().simpleAndJson())) {
            client.pass(Duration.ofSeconds(2));
            rig.endpoints().forEach(breaking);
            long broken = System.nanoTime();
            // the breaker opens once the first requests have failed
            client.pass(Duration.ofSeconds(2));
            long open = System.nanoTime();
            long attemptsBefore = rig.metrics().attempts();
            client.lap();
            client.pass(Duration.ofSeconds(OUTAGE).minusNanos(System.nanoTime() - broken));
            LoadReport away = client.lap();
            long healed = System.nanoTime();
            long attemptsWhileOpen = rig.metrics().attempts() - attemptsBefore;
            rig.endpoints().forEach(healing);
            client.pass(Duration.ofSeconds(OPEN_FOR + RAMP + 3));
            long end = System.nanoTime();
            LoadReport report = client.finish(Duration.ofSeconds(10));

            long headsWhileOpen = rig.heads(open, healed - SECOND / 10);
            List<Long> ramp = perSecond(rig, returned(rig, healed, end), end);
            System.out.println("outage: " + report + "; while open " + attemptsWhileOpen + " attempts, "
                    + headsWhileOpen + " requests came; after that a second " + ramp + "; while open " + away);
            assertThat(report.complaints()).isEmpty();
            assertThat(report.errors()).isZero();
            assertThat(away.answersFrom("mirror")).isEqualTo(away.answers());
            assertThat(attemptsWhileOpen).isBetween(1L, mostTrials(healed - open));
            assertThat(headsWhileOpen).isLessThanOrEqualTo(mostTrials(healed - open));
            assertRamp(ramp);
            assertThat(rig.metrics().requests()).isEqualTo(report.answers());
            assertThat(rig.metrics().sum("detour_breaker_state")).isZero();
        }
    }

    private static long mostTrials(long nanos) {
        return TRIAL_CALLS * (nanos / (OPEN_FOR * SECOND) + 1);
    }

    /** When traffic returned: the first tenth of a second in which the backend got more than trial calls. */
    private static long returned(LoadRig rig, long healed, long end) {
        for (long at = healed; at < end; at += SECOND / 10) {
            if (rig.heads(at, at + SECOND / 10) > TRIAL_CALLS) {
                return at;
            }
        }
        throw new AssertionError("no traffic returned to the backend");
    }

    private static List<Long> perSecond(LoadRig rig, long from, long end) {
        List<Long> counts = new ArrayList<>();
        for (long at = from; at + SECOND <= end && counts.size() <= RAMP; at += SECOND) {
            counts.add(rig.heads(at, at + SECOND));
        }
        return counts;
    }

    /** No second has more than twice its share, each has at least half of it, and the one after the ramp has everything. */
    private static void assertRamp(List<Long> perSecond) {
        assertThat(perSecond).hasSize(RAMP + 1);
        for (int second = 0; second < RAMP; second++) {
            double ideal = LoadRig.RATE * (0.1 + 0.9 * (second + 0.5) / RAMP);
            assertThat((double) perSecond.get(second))
                    .as("requests in second %d of the ramp: %s", second, perSecond)
                    .isBetween(0.5 * ideal, 2 * ideal);
        }
        assertThat(perSecond.get(RAMP)).as("%s", perSecond).isGreaterThan(LoadRig.RATE * 9L / 10);
    }
}
