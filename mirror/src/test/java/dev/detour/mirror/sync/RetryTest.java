package dev.detour.mirror.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.store.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private static Task task(int attempts) {
        return new Task("alpha", Task.Reason.CHANGED, null, attempts, null, NOW, null);
    }

    private static Instant at(int attempts) {
        return Objects.requireNonNull(Retry.later(task(attempts), NOW, "why").notBefore());
    }

    @Test
    void aFewTriesBelongIntoTheRun() {
        assertThat(Retry.isSoon(NOW, at(0))).isTrue();
        assertThat(Retry.isSoon(NOW, at(2))).isTrue();
    }

    @Test
    void aRunDoesNotWaitForWhatIsParkedAlsoWhenAMomentHasPassed() {
        assertThat(Retry.isSoon(NOW.plusSeconds(1), at(3))).isFalse();
        assertThat(Retry.isSoon(NOW.plusSeconds(60), at(3))).isFalse();
    }

    @Test
    void waitsGrowToSixHoursAndNotBeyond() {
        assertThat(Duration.between(NOW, at(4))).isEqualTo(Duration.ofMinutes(10));
        assertThat(Duration.between(NOW, at(100))).isEqualTo(Duration.ofHours(6));
    }
}
