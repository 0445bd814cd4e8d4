package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static dev.detour.proxy.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpMethod;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc9111Section42FreshnessTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=5|5",
                "MAX-AGE=5|5",
                "max-age=\"5\"|5",
                "max-age=9, max-age=5|5",
                "max-age=99999999999999999999|2147483648",
                "max-age=-1|0",
                "max-age=1.5|0",
                "max-age|0",
                "max-age='5'|0",
                "max-age =5|0",
                "x=\"a, max-age=1\", max-age=5|5",
                "a=\"max-age=9|0"
            })
    void section421_maxAgeIsReadWithCare(String control, long seconds) {
        assertThat(stored("ETag", "\"a\"", "Cache-Control", control).lifetime()).isEqualTo(seconds);
    }

    @Test
    void section421_sMaxageComesBeforeMaxAge() {
        assertThat(stored("Cache-Control", "max-age=5, s-maxage=9").lifetime()).isEqualTo(9);
        assertThat(stored("Cache-Control", "max-age=5, s-maxage=0").lifetime()).isZero();
    }

    @Test
    void section421_maxAgeComesBeforeExpires() {
        assertThat(stored("Cache-Control", "max-age=5", "Expires", "Sun, 01 Mar 2026 13:00:00 GMT")
                        .lifetime())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 01 Mar 2026 12:01:00 GMT",
                "Sunday, 01-Mar-26 12:01:00 GMT",
                "Sun Mar  1 12:01:00 2026",
                "sun, 01 mar 2026 12:01:00 gmt"
            })
    void section421_expiresCountsFromDate(String expires) {
        assertThat(stored("Date", Messages.DATE, "Expires", expires).lifetime()).isEqualTo(60);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "", "never", "Sun, 01 Mar 2026 12:01:00 AEST", "Sun, 01 Mar 2026 11:00:00 GMT"})
    void section53_invalidOrPastExpiresIsStale(String expires) {
        assertThat(stored("Date", Messages.DATE, "Expires", expires).lifetime()).isZero();
    }

    @Test
    void section421_differingExpiresAreStale() {
        assertThat(stored("Expires", "Sun, 01 Mar 2026 12:01:00 GMT", "Expires", "Sun, 01 Mar 2026 12:02:00 GMT")
                        .lifetime())
                .isZero();
    }

    @Test
    void section423_ageIsTheLargerOfClockAndHeaderPlusDelay() {
        assertThat(age(Messages.NOW, "Age", "10")).isEqualTo(13);
        assertThat(age(Messages.NOW, "Date", "Sun, 01 Mar 2026 11:59:00 GMT", "Age", "10"))
                .isEqualTo(63);
        assertThat(age(Messages.NOW, "Date", "Sun, 01 Mar 2026 13:00:00 GMT")).isEqualTo(3);
    }

    @Test
    void section51_ageIsTheFirstNumberAndNothingElse() {
        assertThat(age(Messages.NOW.plusSeconds(3), "Age", "7, 9")).isEqualTo(7);
        assertThat(age(Messages.NOW.plusSeconds(3), "Age", "old")).isZero();
    }

    @Test
    void section424_wordsAgainstStaleAnswersAreKept() {
        assertThat(stored("Cache-Control", "max-age=1").mustRevalidate()).isFalse();
        assertThat(stored("Cache-Control", "max-age=1, must-revalidate").mustRevalidate())
                .isTrue();
        assertThat(stored("Cache-Control", "max-age=1, proxy-revalidate").mustRevalidate())
                .isTrue();
        assertThat(stored("Cache-Control", "s-maxage=1").mustRevalidate()).isTrue();
        assertThat(stored("Cache-Control", "max-age=1, no-cache=\"x\"").alwaysRevalidate())
                .isTrue();
    }

    private static long age(Instant requestTime, String... more) {
        StorePolicy policy = StorePolicy.of(
                HttpMethod.GET,
                headers(),
                Messages.response(200, withFreshness(more)),
                requestTime,
                Messages.NOW.plusSeconds(3),
                Messages.ABSENCE);
        return Objects.requireNonNull(policy).initialAge();
    }

    private static String[] withFreshness(String... more) {
        String[] all = Arrays.copyOf(more, more.length + 2);
        all[more.length] = "Cache-Control";
        all[more.length + 1] = "max-age=60";
        return all;
    }
}
