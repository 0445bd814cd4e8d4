package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.mode.Mode;
import dev.detour.proxy.Await;
import dev.detour.proxy.RunningProxy;
import dev.detour.proxy.StubMirror;
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
    void section2_3_whatStandsInForAnErrorWasForwardedAndNamesIt() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);
        backend.answer(answer(503, "down"));

        assertThat(told(get())).isEqualTo("detour; fwd=stale; fwd-status=503; ttl=-10");
    }

    @Test
    void section2_3_whatStandsInForABackendThatIsGoneWasForwardedAndNamesNoStatus() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);
        backend.refuse();
        backend.resetConnections();

        assertThat(told(get())).isEqualTo("detour; fwd=stale; ttl=-10");
    }

    @Test
    void section2_1_whatIsStaleAndGivenToWhoTakesItIsAHit() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);

        assertThat(told(get("Cache-Control: max-stale=20"))).isEqualTo("detour; hit; ttl=-10");
    }

    @Test
    void section2_1_whatIsGivenWithoutAskingABackendThatIsLeftAloneIsAHit() throws IOException {
        stored("one", "Cache-Control: max-age=60");
        pass(70);
        proxy.mode(Mode.DIVERT);

        RawResponse stale = get();

        assertThat(stale.header("detour-source")).isEqualTo("stale");
        assertThat(told(stale)).isEqualTo("detour; hit; ttl=-10");
    }

    @Test
    void section2_2_whatTheCacheHasNothingToDoWithPassesIt() throws IOException {
        try (RunningProxy without = RunningProxy.with().endpoints(backend).start()) {
            assertThat(told(without.get(PAGE))).isEqualTo("detour; fwd=bypass");
        }
    }

    @Test
    void section2_2_whatIsKeptForOtherKindsOfRequestsIsAMissOfTheKind() throws IOException {
        stored("one", "Cache-Control: max-age=60", "Vary: X-Test");

        assertThat(told(get("X-Test: b"))).isEqualTo("detour; fwd=vary-miss; stored");
        assertThat(told(get("X-Test: b"))).isEqualTo("detour; hit; ttl=60");
    }

    @Test
    void section2_2_whatIsFreshButNotForThisRequestIsForwardedForTheRequest() throws IOException {
        stored("one", "Cache-Control: max-age=60");

        assertThat(told(get("Authorization: Basic eDp5"))).isEqualTo("detour; fwd=request");
    }

    @Test
    void section2_2_aRequestThatCouldNotHaveBeenAHitAnywayIsAMiss() throws IOException {
        assertThat(told(get("Authorization: Basic eDp5"))).isEqualTo("detour; fwd=uri-miss");
    }

    @Test
    void section2_3_whatStillHoldsSaysThatTheBackendConfirmedIt() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(61);
        backend.answer(notModified("ETag: \"a\""));

        assertThat(told(get())).isEqualTo("detour; fwd=stale; fwd-status=304; stored");
        assertThat(told(get())).isEqualTo("detour; hit; ttl=60");
    }

    @Test
    void section2_5_whatWasConfirmedForTheLastTimeIsNotStored() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"");
        pass(61);
        backend.answer(notModified("ETag: \"a\"", "Cache-Control: no-store"));

        assertThat(told(get())).isEqualTo("detour; fwd=stale; fwd-status=304");
    }

    @Test
    void section2_3_whoHasItAlreadyIsToldThatTheBackendSentTheWhole() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60", "ETag: \"a\""));

        RawResponse unchanged = get("If-None-Match: \"a\"");

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(told(unchanged)).isEqualTo("detour; fwd=uri-miss; fwd-status=200; stored");
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
    void section2_cachesBeforeThisOneAreStillNamedIfItIsKept() throws IOException {
        RawResponse first = stored("one", "Cache-Control: max-age=60", "Cache-Status: inner; hit; ttl=9");

        assertThat(told(first)).isEqualTo("inner; hit; ttl=9, detour; fwd=uri-miss; stored");
        assertThat(told(get())).isEqualTo("inner; hit; ttl=9, detour; hit; ttl=60");
    }

    @Test
    void section2_cachesBeforeThisOneAreNamedAsTheyConfirmedItLast() throws IOException {
        stored("one", "Cache-Control: max-age=60", "ETag: \"a\"", "Cache-Status: inner; fwd=uri-miss");
        pass(61);
        backend.answer(notModified("ETag: \"a\"", "Cache-Status: inner; hit; ttl=9"));

        assertThat(told(get())).startsWith("inner; hit; ttl=9, detour; ");
        assertThat(told(get())).isEqualTo("inner; hit; ttl=9, detour; hit; ttl=60");
    }

    @Test
    void section2_anAnswerOfOurOwnMakingSaysThatItIs() throws IOException {
        RawResponse refused = get("Cache-Control: only-if-cached");

        assertThat(refused.status()).isEqualTo(504);
        assertThat(told(refused)).isEqualTo("detour; detail=refusal");
    }

    @Test
    void section2_aRefusalAfterAFailureSaysThatTheBackendWasAsked() throws IOException {
        backend.answer(answer(503, "down"));

        RawResponse refused = get();

        assertThat(refused.header("detour-source")).isEqualTo("refusal");
        assertThat(told(refused)).isEqualTo("detour; fwd=uri-miss; fwd-status=503");
    }

    @Test
    void section2_aCopyOfAMirrorSaysThatTheBackendWasAsked() throws IOException {
        backend.answer(answer(503, "down"));

        try (RunningProxy mirrored = description().mirror(StubMirror.page()).start()) {
            RawResponse copy = mirrored.get("/simple/x/");

            assertThat(copy.header("detour-source")).isEqualTo("mirror");
            assertThat(told(copy)).isEqualTo("detour; fwd=uri-miss; fwd-status=503");
        }
    }

    @Test
    void section2_anErrorOfTheBackendSaysThatItWasForwarded() throws IOException {
        backend.answer(answer(404, "none", "Cache-Control: no-store"));

        assertThat(told(get())).startsWith("detour; fwd=");
    }
}
