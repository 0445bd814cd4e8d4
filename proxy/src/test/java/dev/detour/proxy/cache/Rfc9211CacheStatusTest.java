package dev.detour.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.cache.CacheStatus.Forward;
import org.junit.jupiter.api.Test;

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

    @Test
    void section23_forwardTellsTheBackendsStatus() {
        assertThat(CacheStatus.forwarded(Forward.STALE, true, false, 304))
                .hasToString("detour; fwd=stale; fwd-status=304; stored");
    }
}
