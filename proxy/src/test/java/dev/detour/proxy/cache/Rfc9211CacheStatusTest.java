package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.cache.CacheStatus.Forward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc9211CacheStatusTest {
    @Test
    void section24_hitTellsItsTimeToLive() {
        assertThat(CacheStatus.hit(30)).hasToString("detour; hit; ttl=30");
        assertThat(CacheStatus.hit(-5)).hasToString("detour; hit; ttl=-5");
    }

    @Test
    void section22_forwardTellsWhy() {
        assertThat(CacheStatus.forwarded(Forward.MISS, false, false, 0)).hasToString("detour; fwd=miss");
        assertThat(CacheStatus.forwarded(Forward.URI_MISS, true, true, 0))
                .hasToString("detour; fwd=uri-miss; stored; collapsed");
        assertThat(CacheStatus.forwarded(Forward.PARTIAL, true, false, 0)).hasToString("detour; fwd=partial; stored");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 600, 601, Long.MAX_VALUE, Long.MIN_VALUE})
    void section24_anyTimeToLiveIsTold(long ttl) {
        assertThat(CacheStatus.hit(ttl)).hasToString("detour; hit; ttl=" + ttl);
    }

    @Test
    void section22_whatStandsInIsNoHit() {
        assertThat(CacheStatus.standIn(Forward.STALE, 503, -10))
                .hasToString("detour; fwd=stale; fwd-status=503; ttl=-10");
        assertThat(CacheStatus.standIn(Forward.STALE, 0, -10)).hasToString("detour; fwd=stale; ttl=-10");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 304, 404})
    void section23_anyStatusIsTold(int status) {
        String told = "detour; fwd=uri-miss; fwd-status=" + status;

        assertThat(CacheStatus.forwarded(Forward.URI_MISS, false, false, status))
                .hasToString(told);
        assertThat(CacheStatus.forwarded(Forward.URI_MISS, true, false, status)).hasToString(told + "; stored");
        assertThat(CacheStatus.forwarded(Forward.URI_MISS, false, true, status)).hasToString(told + "; collapsed");
        assertThat(CacheStatus.forwarded(Forward.URI_MISS, true, true, status))
                .hasToString(told + "; stored; collapsed");
    }

    @Test
    void section23_forwardforwardTellsTheBackendsStatus() {
        assertThat(CacheStatus.forwarded(Forward.STALE, true, false, 304))
                .hasToString("detour; fwd=stale; fwd-status=304; stored");
    }
}
