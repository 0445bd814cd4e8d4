package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.proxy.Await;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What every answer says about the cache's part in it (RFC 9211). */
class Rfc9211Test extends CacheRig {
    private static String told(RawResponse response) {
        return String.join(", ", response.headerValues("cache-status"));
    }

    @Test
    void section2_1_aHitSaysSoAndHowLongItStaysFresh() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(7);

        assertThat(told(get())).isEqualTo("detour; hit; ttl=53");
    }

    @Test
    void section2_2_whatWasNotThereIsAMissOfTheAddress() throws IOException {
        assertThat(told(stored("one", "Cache-Control: max-age=60"))).isEqualTo("detour; fwd=uri-miss; stored");
    }

    @Test
    void section2_2_whatIsStaleIsForwardedForThat() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(61);

        assertThat(told(get())).contains("fwd=stale").doesNotContain("hit");
    }

    @Test
    void section2_1_whatStandsInForAFailureHasNoTimeLeft() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);
        backend.answer(answer(503, "down"));

        assertThat(told(get())).startsWith("detour; ").contains("ttl=-10");
    }

    @Test
    void section2_1_whatBridgesARefreshIsAHitWithoutTimeLeft() throws IOException {
        stored("one", "Cache-Control: max-age=60, stale-while-revalidate=60");
        pass(70);

        assertThat(told(get())).isEqualTo("detour; hit; ttl=-10");
        Await.until(() -> asked() == 2, () -> asked() + " requests");
    }

    @Test
    void section2_2_whatMayNotBeKeptWasAMissAndIsNotStored() throws IOException {
        assertThat(told(stored("one", "Cache-Control: no-store")))
                .contains("fwd=uri-miss")
                .doesNotContain("stored");
    }

    @Test
    void section2_2_aWriteIsForwardedForItsMethod() throws IOException {
        assertThat(told(request("POST", "Content-Length: 0"))).contains("fwd=method");
    }

    @Test
    void section2_5_aRequestThatMustNotBeStoredIsNot() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60"));

        assertThat(told(get("Cache-Control: no-store")))
                .startsWith("detour; fwd=")
                .doesNotContain("stored");
    }

    @Test
    void section2_aHeadIsAnsweredWithTheSameWords() throws IOException {
        stored("one", "Cache-Control: max-age=60");

        assertThat(told(request("HEAD"))).isEqualTo("detour; hit; ttl=60");
    }

    @Test
    void section2_1_aConditionMetIsAHit() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");

        assertThat(told(get("If-None-Match: \"a\""))).isEqualTo("detour; hit; ttl=60");
    }

    @Test
    void section2_cachesBeforeThisOneAreStillNamedIfItIsNotKept() throws IOException {
        RawResponse passed = stored("one", "Cache-Control: no-store", "Cache-Status: inner; hit");

        assertThat(told(passed)).startsWith("inner; hit, detour; fwd=");
    }

    @Test
    void section2_anErrorOfTheBackendSaysThatItWasForwarded() throws IOException {
        backend.answer(answer(404, "none", "Cache-Control: no-store"));

        assertThat(told(get())).startsWith("detour; fwd=");
    }
}
