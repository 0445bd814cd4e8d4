package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What {@code Cache-Status} says when the backend fails, is not asked, or is not the only cache (RFC 9211). */
class Rfc9211FailuresTest extends CacheRig {
    private static String told(RawResponse response) {
        return String.join(", ", response.headerValues("cache-status"));
    }

    @Test
    void section2_3_whatStandsInForAFailureNamesWhatTheBackendSaid() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);
        backend.answer(answer(503, "down"));

        assertThat(told(get())).isEqualTo("detour; fwd=stale; fwd-status=503; ttl=-10");
    }

    @Test
    void section2_3_whatStillHoldsNamesTheStatusThatSaidSo() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"one\"");
        pass(61);
        backend.answer(notModified("ETag: \"one\""));

        assertThat(told(get())).isEqualTo("detour; fwd=stale; fwd-status=304; stored");
    }

    @Test
    void section2_2_anotherVariantIsAMissOfTheVariant() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Vary: Accept-Language");

        assertThat(told(get("Accept-Language: de"))).isEqualTo("detour; fwd=vary-miss; stored");
    }

    @Test
    void section2_8_aRefusalOfARequestThatAllowsNoAskingSaysThatNeitherWasDone() throws IOException {
        assertThat(told(get("Cache-Control: only-if-cached"))).isEqualTo("detour; detail=refusal");
    }

    @Test
    void section2_2_aRefusalAfterAFailureSaysThatTheBackendWasAsked() throws IOException {
        backend.answer(answer(503, "down"));

        assertThat(told(get())).isEqualTo("detour; fwd=uri-miss; fwd-status=503");
    }

    @Test
    void section2_cachesBehindUsKeepTheirMembersBeforeOurs() throws IOException {
        RawResponse first = stored("one", "Cache-Control: max-age=60", "Cache-Status: inner; hit; ttl=5");

        assertThat(told(first)).isEqualTo("inner; hit; ttl=5, detour; fwd=uri-miss; stored");
        assertThat(told(get())).isEqualTo("inner; hit; ttl=5, detour; hit; ttl=60");
    }

    @Test
    void section2_theyKeepThemOnAnAnswerThatIsNotStoredToo() throws IOException {
        assertThat(told(stored("one", "Cache-Control: no-store", "Cache-Status: inner; fwd=uri-miss")))
                .isEqualTo("inner; fwd=uri-miss, detour; fwd=uri-miss");
    }
}
