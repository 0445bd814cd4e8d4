package dev.detour.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void sharesAreASixteenthTooHighAtMost() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 1_000_000; micros++) {
            latencies.record(micros * 1_000L);
        }

        for (double share : new double[] {0.00001, 0.001, 0.5, 0.99, 0.999, 1}) {
            double exact = share * 1000;
            assertThat(latencies.millisAt(share))
                    .isGreaterThanOrEqualTo(exact)
                    .isCloseTo(exact, Percentage.withPercentage(100 / 16.0));
        }
        assertThat(latencies.highestMillis()).isCloseTo(1000, within(0.001));
    }

    @Test
    void partsAddUpToTheWhole() {
        Latencies fast = new Latencies();
        Latencies slow = new Latencies();
        for (int i = 0; i < 99; i++) {
            fast.record(1_000_000);
        }
        slow.record(3_000_000_000L);

        fast.add(slow);

        assertThat(fast.millisAt(0.99)).isCloseTo(1, Percentage.withPercentage(100 / 16.0));
        assertThat(fast.millisAt(1)).isEqualTo(3000);
        assertThat(fast.highestMillis()).isEqualTo(3000);
    }
}
