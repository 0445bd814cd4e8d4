package dev.detour.mirror.tree;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.mirror.tree.Recheck.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RecheckTest {
    private static final long START = Duration.ofDays(1).toNanos();

    private final Recheck recheck = new Recheck(START);

    private State after(Duration time) {
        return recheck.state(START + time.toNanos());
    }

    @Test
    void whatWasJustCheckedIsUsed() {
        assertThat(after(Duration.ZERO)).isEqualTo(State.USE);
        assertThat(after(Duration.ofMillis(999))).isEqualTo(State.USE);
    }

    @Test
    void afterASecondOneIsToldToHaveItLookedAtAndTheOthersUseIt() {
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(State.USE_AND_LOOK);
        assertThat(after(Duration.ofSeconds(2))).isEqualTo(State.USE);
        assertThat(after(Duration.ofSeconds(30))).isEqualTo(State.USE);
    }

    @Test
    void whatNobodyHasLookedAtForLongIsLookedAtFirstAndUsedByTheOthersMeanwhile() {
        assertThat(after(Duration.ofSeconds(10))).isEqualTo(State.LOOK);
        assertThat(after(Duration.ofSeconds(11))).isEqualTo(State.USE);
    }

    @Test
    void aLookThatDoesNotComeBackIsRepeatedAfterAMinute() {
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(State.USE_AND_LOOK);
        assertThat(after(Duration.ofSeconds(60))).isEqualTo(State.USE);
        assertThat(after(Duration.ofSeconds(61))).isEqualTo(State.LOOK);
        assertThat(after(Duration.ofSeconds(62))).isEqualTo(State.USE);
    }

    @Test
    void aLookThatCameBackCountsFromWhenItWasMade() {
        assertThat(after(Duration.ofSeconds(1))).isEqualTo(State.USE_AND_LOOK);
        recheck.checked(START + Duration.ofSeconds(2).toNanos());

        assertThat(after(Duration.ofMillis(2_900))).isEqualTo(State.USE);
        assertThat(after(Duration.ofSeconds(3))).isEqualTo(State.USE_AND_LOOK);
    }
}
