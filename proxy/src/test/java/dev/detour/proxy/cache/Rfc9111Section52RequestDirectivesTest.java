package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Rfc9111Section52RequestDirectivesTest {
    @Test
    void section5211_maxAgeLimitsTheAge() {
        RequestDirectives asked = asked("max-age=10");

        assertThat(asked.allows(10, 5)).isTrue();
        assertThat(asked.allows(11, 5)).isFalse();
    }

    @Test
    void section5212_maxStaleAllowsStaleAnswers() {
        assertThat(asked("x").allows(10, 0)).isFalse();
        assertThat(asked("max-stale=5").allows(10, -5)).isTrue();
        assertThat(asked("max-stale=5").allows(10, -6)).isFalse();
        assertThat(asked("max-stale").allows(10, -100_000)).isTrue();
        assertThat(asked("max-stale").maxStale()).isEqualTo(Long.MAX_VALUE);
        assertThat(asked("x").maxStale()).isZero();
    }

    @Test
    void section5213_minFreshAsksForMore() {
        assertThat(asked("min-fresh=10").allows(0, 10)).isTrue();
        assertThat(asked("min-fresh=10").allows(0, 9)).isFalse();
    }

    @Test
    void section5214_noCacheAllowsNothingStored() {
        assertThat(asked("no-cache").allows(0, 100)).isFalse();
    }

    @Test
    void section54_pragmaCountsWithoutCacheControlOnly() {
        assertThat(RequestDirectives.of(headers("Pragma", "no-cache"), true).allows(0, 9))
                .isFalse();
        assertThat(RequestDirectives.of(headers("Pragma", "no-cache", "Cache-Control", "x"), true)
                        .allows(0, 9))
                .isTrue();
    }

    @Test
    void clientsThatAreNotObeyedAreStillHeardWhereItCostsNothing() {
        RequestDirectives asked = RequestDirectives.of(
                headers("Cache-Control", "no-cache, max-age=0, min-fresh=99, max-stale=5, no-store, only-if-cached"),
                false);

        assertThat(asked.allows(50, 1)).isTrue();
        assertThat(asked.allows(50, -5)).isTrue();
        assertThat(asked.noStore()).isTrue();
        assertThat(asked.onlyIfCached()).isTrue();
    }

    private static RequestDirectives asked(String control) {
        return RequestDirectives.of(headers("Cache-Control", control), true);
    }
}
