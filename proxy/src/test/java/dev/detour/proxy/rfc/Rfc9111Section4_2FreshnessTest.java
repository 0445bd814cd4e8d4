package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** How long answers are fresh (RFC 9111 4.2, 1.2.2, 5.1, 5.3). */
class Rfc9111Section4_2FreshnessTest extends CacheRig {
    @Test
    void section4_2_anAnswerIsStaleWhenItsAgeReachesItsLifetime() throws IOException {
        assertThat(isReused(60, "Cache-Control: max-age=60")).isFalse();
    }

    @Test
    void section4_2_1_theSharedLifetimeComesBeforeMaxAgeIfLonger() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=10, s-maxage=60")).isTrue();
    }

    @Test
    void section4_2_1_theSharedLifetimeComesBeforeMaxAgeIfShorter() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=60, s-maxage=10")).isFalse();
    }

    @Test
    void section4_2_1_maxAgeComesBeforeExpiresIfLonger() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=60", "Expires: " + date(10)))
                .isTrue();
    }

    @Test
    void section4_2_1_maxAgeComesBeforeExpiresIfShorter() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=10", "Expires: " + date(60)))
                .isFalse();
    }

    @Test
    void section4_2_1_theSharedLifetimeComesBeforeExpires() throws IOException {
        assertThat(isReused(30, "Cache-Control: s-maxage=60", "Expires: 0")).isTrue();
    }

    @Test
    void section5_3_expiresCounts() throws IOException {
        assertThat(isReused(59, "Expires: " + date(60), "Date: " + date(0))).isTrue();
    }

    @Test
    void section5_3_expiresEnds() throws IOException {
        assertThat(isReused(60, "Expires: " + date(60), "Date: " + date(0))).isFalse();
    }

    @Test
    void section5_3_expiresWithoutDateCountsFromWhenItCame() throws IOException {
        assertThat(isReused(59, "Expires: " + date(60))).isTrue();
    }

    @Test
    void section4_2_1_expiresCountsFromDateAndNotFromOurClock() throws IOException {
        // the backend's clock is an hour ahead of ours, and it grants ten seconds
        assertThat(isReused(30, "Expires: " + date(3610), "Date: " + date(3600)))
                .isFalse();
    }

    @Test
    void section5_3_zeroIsInThePast() throws IOException {
        assertThat(isReused(0, "Expires: 0", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section5_3_whatIsNoDateIsInThePast() throws IOException {
        assertThat(isReused(0, "Expires: tomorrow", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section5_3_whatIsMuchTooLongForADateIsInThePast() throws IOException {
        stored("one", "Expires: " + "x".repeat(100), "ETag: \"a\"");

        assertThat(get().status()).isEqualTo(200);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void section4_2_3_aDateThatIsMuchTooLongIsIgnored() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + "x".repeat(100));

        assertThat(get().text()).isEqualTo("one");
    }

    @Test
    void section5_3_expiresBeforeDateIsInThePast() throws IOException {
        assertThat(isReused(0, "Expires: " + date(-1), "Date: " + date(0), "ETag: \"a\""))
                .isFalse();
    }

    @Test
    void rfc9110Section5_6_7_expiresInTheOlderFormsCounts() throws IOException {
        assertThat(isReused(30, "Expires: Thursday, 01-Jan-26 00:01:00 GMT")).isTrue();
    }

    @Test
    void rfc9110Section5_6_7_expiresInTheFormOfAsctimeCounts() throws IOException {
        assertThat(isReused(30, "Expires: Thu Jan  1 00:01:00 2026")).isTrue();
    }

    @Test
    void section4_2_1_ofSeveralMaxAgesNoneMakesLongerThanTheFirst() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=10, max-age=60")).isFalse();
    }

    @Test
    void section4_2_1_severalMaxAgesOnSeveralLinesAreNoBetter() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=10", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section5_2_aQuotedNumberIsANumber() throws IOException {
        assertThat(isReused(59, "Cache-Control: max-age=\"60\"")).isTrue();
        pass(1);
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_2_1_anInvalidMaxAgeIsStale() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=soon", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section4_2_1_anInvalidMaxAgeIsNotMadeGoodByExpires() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=soon", "Expires: " + date(60), "ETag: \"a\""))
                .isFalse();
    }

    @Test
    void section4_2_1_aNegativeMaxAgeIsStale() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=-60", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section4_2_1_aFractionIsNoNumberOfSeconds() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=60.5", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section4_2_1_maxAgeWithoutValueIsStale() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section1_2_2_aNumberTooLargeIsVeryLarge() throws IOException {
        assertThat(isReused(1_000_000_000, "Cache-Control: max-age=99999999999999999999"))
                .isTrue();
    }

    @Test
    void section1_2_2_twoToThe31stIsVeryLarge() throws IOException {
        assertThat(isReused(1_000_000_000, "Cache-Control: max-age=2147483648")).isTrue();
    }

    @Test
    void section1_2_2_leadingZerosChangeNoNumber() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=000000000000000000010", "ETag: \"a\""))
                .isFalse();
    }

    @Test
    void section5_1_theAgeThatTheBackendTellsCounts() throws IOException {
        assertThat(isReused(21, "Cache-Control: max-age=60", "Age: 40")).isFalse();
    }

    @Test
    void section5_1_anAnswerMayComeStale() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=60", "Age: 61")).isFalse();
    }

    @Test
    void section5_1_ofAListOfAgesTheFirstCounts() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Age: 10, 50");
        pass(1);

        assertThat(get().header("age")).isEqualTo("11");
    }

    @Test
    void section5_1_ofSeveralLinesOfAgeTheFirstCounts() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Age: 10", "Age: 50");
        pass(1);

        assertThat(get().header("age")).isEqualTo("11");
    }

    @Test
    void section5_1_anAgeThatIsNoNumberIsIgnored() throws IOException {
        assertThat(isReused(30, "Cache-Control: max-age=60", "Age: old")).isTrue();
    }

    @Test
    void section5_1_anAgeBelowZeroIsIgnored() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Age: -10");
        pass(59);

        assertThat(get().header("age")).isEqualTo("59");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void section1_2_2_anAgeTooLargeIsVeryLarge() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=60", "Age: 99999999999999999999"))
                .isFalse();
    }

    @Test
    void section1_2_2_anAgeOfTwoToThe32ndIsVeryLarge() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=60", "Age: 4294967296")).isFalse();
    }

    @Test
    void section4_2_3_aDateInThePastMakesOlder() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + date(-40));
        pass(10);

        assertThat(get().header("age")).isEqualTo("50");
        pass(10);
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_2_3_aDateInTheFutureMakesNobodyYounger() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + date(40));
        pass(59);

        assertThat(get().header("age")).isEqualTo("59");
        pass(1);
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section4_2_3_ofDateAndAgeTheOlderCounts() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Date: " + date(-10), "Age: 30");

        assertThat(get().header("age")).isEqualTo("30");
    }

    @Test
    void section4_2_3_theTimeThatAnAnswerTookIsPartOfItsAge() throws IOException {
        backend.answer(wire -> {
            pass(8);
            page("one", "Cache-Control: max-age=60", "Age: 30").play(wire);
        });
        get();

        assertThat(get().header("age")).isEqualTo("38");
    }

    @Test
    void section4_2_3_aDateThatIsNoneIsIgnored() throws IOException {
        assertThat(isReused(59, "Cache-Control: max-age=60", "Date: yesterday")).isTrue();
    }

    @Test
    void section4_2_4_nothingStaleIsGivenWhileTheBackendAnswers() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(61);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().text()).isEqualTo("two");
    }
}
