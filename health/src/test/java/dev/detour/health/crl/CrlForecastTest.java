package dev.detour.health.crl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

class CrlForecastTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = START.plus(Duration.ofDays(40));
    private static final long LIMIT = CrlLimit.CONSUL.bytes();

    @Test
    void steadyGrowthReachesTheLimitOnItsDay() {
        CrlForecast forecast = forecast(hourly(40, hour -> 500 + 39 * hour));

        Instant date = forecast.reaches(LIMIT, NOW);

        // (524288 - 500) / 39 hours after the start
        assertThat(date).isCloseTo(START.plus(Duration.ofHours(13_430)), within(2, ChronoUnit.HOURS));
        assertThat(forecast.bytesPerDay()).isCloseTo(936, within(0.1));
    }

    @Test
    void theOrderOfTheObservationsDoesNotMatter() {
        List<CrlObservation> observations = new ArrayList<>(hourly(10, hour -> 500 + 39 * hour));
        CrlForecast sorted = forecast(observations);
        Collections.shuffle(observations, new Random(7));

        assertThat(CrlForecast.of(observations)).isEqualTo(sorted);
    }

    @Test
    void aFewOddObservationsDoNotBendTheTrend() {
        CrlForecast forecast = forecast(hourly(10, hour -> hour % 24 == 5 ? 500 : 20_000 + 390 * hour));

        assertThat(forecast.bytesPerDay()).isCloseTo(9_360, within(900.0));
    }

    @Test
    void whatDoesNotGrowNeverReachesTheLimit() {
        assertThat(forecast(hourly(10, hour -> 400_000)).reaches(LIMIT, NOW)).isNull();
        assertThat(forecast(hourly(10, hour -> 400_000 - 39 * hour)).reaches(LIMIT, NOW))
                .isNull();
    }

    @Test
    void whatGrowsForMoreThanTenYearsToComeHasNoDate() {
        assertThat(forecast(hourly(10, hour -> 500 + hour)).reaches(LIMIT, NOW)).isNull();
    }

    @Test
    void whatIsThereAlreadyIsThereNow() {
        assertThat(forecast(hourly(10, hour -> 600_000)).reaches(LIMIT, NOW)).isEqualTo(NOW);
    }

    @Test
    void aSawtoothBelowTheLimitIsNoGrowth() {
        // pruned every two days, up to 47 hours of growth each time; the last hour is in the middle of one
        CrlForecast forecast = forecast(hourly(19, hour -> 300_000 + 3_900 * (hour % 48)));

        assertThat(forecast.reaches(LIMIT, NOW)).isNull();
        assertThat(forecast.level()).isGreaterThan(480_000);
    }

    @Test
    void thePeaksOfAGrowingSawtoothReachTheLimitBeforeItsMean() {
        CrlForecast forecast = forecast(hourly(20, hour -> 200_000 + 200 * hour + 3_900 * (hour % 24)));

        // the peaks: 200000 + 200 h + 89700
        Instant expected = START.plus(Duration.ofHours((524_288 - 289_700) / 200));
        assertThat(forecast.reaches(LIMIT, NOW)).isCloseTo(expected, within(80, ChronoUnit.HOURS));
    }

    @Test
    void onceItHasGrownForLongerThanEverOnlyThatGrowthCounts() {
        // pruned daily for ten days, then no more
        List<CrlObservation> observations = hourly(20, hour -> 100_000 + 1_000 * (hour < 240 ? hour % 24 : hour - 240));

        CrlForecast forecast = forecast(observations);

        assertThat(forecast.start()).isEqualTo(START.plus(Duration.ofDays(10)));
        assertThat(forecast.bytesPerDay()).isCloseTo(24_000, within(1.0));
    }

    @Test
    void growthAfterASinglePruningCountsAlone() {
        // pruned once after 15 days; grows twice as fast since
        CrlForecast forecast = forecast(hourly(20, hour -> hour < 360 ? 10_000 + 390 * hour : 780 * (hour - 350)));

        assertThat(forecast.start()).isEqualTo(START.plus(Duration.ofDays(15)));
        assertThat(forecast.bytesPerDay()).isCloseTo(18_720, within(1.0));
    }

    @Test
    void growthAboveEveryPeakCountsAlone() {
        // pruned every two days, three times as fast on the last day
        CrlForecast forecast =
                forecast(hourly(13, hour -> 100_000 + (hour < 288 ? 1_000 * (hour % 48) : 3_000 * (hour - 288))));

        assertThat(forecast.bytesPerDay()).isCloseTo(72_000, within(1.0));
    }

    @Test
    void twoObservationsOrAFewHoursAreNoTrend() {
        assertThat(CrlForecast.of(List.of())).isNull();
        assertThat(CrlForecast.of(hourly(10, hour -> hour).subList(0, 2))).isNull();
        assertThat(CrlForecast.of(hourly(10, hour -> hour).subList(0, 24))).isNull();
        assertThat(CrlForecast.of(hourly(10, hour -> hour).subList(0, 25))).isNotNull();
    }

    @Test
    void observationsOfTheSameMomentAreNoSlope() {
        List<CrlObservation> observations = new ArrayList<>(hourly(10, hour -> 500 + 39 * hour));
        observations.addAll(hourly(10, hour -> 500 + 39 * hour));

        assertThat(forecast(observations).bytesPerDay()).isCloseTo(936, within(0.1));
    }

    private static CrlForecast forecast(List<CrlObservation> observations) {
        return Objects.requireNonNull(CrlForecast.of(observations));
    }

    private static List<CrlObservation> hourly(int days, LongUnaryOperator bytes) {
        List<CrlObservation> observations = new ArrayList<>();
        for (long hour = 0; hour <= 24L * days; hour++) {
            long size = bytes.applyAsLong(hour);
            observations.add(new CrlObservation(START.plus(Duration.ofHours(hour)), size, size / 39));
        }
        return observations;
    }
}
