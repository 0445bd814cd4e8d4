package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What clients may ask of the cache where their wishes are obeyed (RFC 9111 5.2.1, 5.4). */
class Rfc9111Section5_2RequestDirectivesTest extends CacheRig {
    @Override
    boolean obeysClients() {
        return true;
    }

    private void keep(String more) throws IOException {
        stored("one", "Cache-Control: max-age=60" + more, "ETag: \"a\"");
    }

    private boolean asksWith(String directives) throws IOException {
        return asksBackend("Cache-Control: " + directives);
    }

    @Test
    void section5_2_1_1_maxAgeRefusesWhatIsOlder() throws IOException {
        keep("");
        pass(10);

        assertThat(asksWith("max-age=9")).isTrue();
    }

    @Test
    void section5_2_1_1_maxAgeTakesWhatIsYounger() throws IOException {
        keep("");
        pass(10);

        assertThat(asksWith("max-age=10")).isFalse();
    }

    @Test
    void section5_2_1_1_maxAgeZeroTakesNothingOld() throws IOException {
        keep("");
        pass(1);

        assertThat(asksWith("max-age=0")).isTrue();
    }

    @Test
    void section5_2_1_1_maxAgeDoesNotMakeStaleAnswersFresh() throws IOException {
        keep("");
        pass(61);

        assertThat(asksWith("max-age=600")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleTakesWhatIsStaleForNoLonger() throws IOException {
        keep("");
        pass(90);

        assertThat(asksWith("max-stale=30")).isFalse();
    }

    @Test
    void section5_2_1_2_maxStaleRefusesWhatIsStaleForLonger() throws IOException {
        keep("");
        pass(91);

        assertThat(asksWith("max-stale=30")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleWithoutValueTakesAnyAge() throws IOException {
        keep("");
        pass(100_000);

        assertThat(asksWith("max-stale")).isFalse();
    }

    @Test
    void section5_2_1_2_maxStaleTellsTheAge() throws IOException {
        keep("");
        pass(80);

        RawResponse stale = get("Cache-Control: max-stale=30");

        assertThat(stale.text()).isEqualTo("one");
        assertThat(stale.header("age")).isEqualTo("80");
    }

    @Test
    void section5_2_1_2_maxStaleDoesNotOverruleMustRevalidate() throws IOException {
        keep(", must-revalidate");
        pass(61);

        assertThat(asksWith("max-stale")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleDoesNotOverruleProxyRevalidate() throws IOException {
        keep(", proxy-revalidate");
        pass(61);

        assertThat(asksWith("max-stale")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleDoesNotOverruleASharedLifetime() throws IOException {
        keep(", s-maxage=60");
        pass(61);

        assertThat(asksWith("max-stale")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleDoesNotOverruleNoCache() throws IOException {
        keep(", no-cache");
        pass(61);

        assertThat(asksWith("max-stale")).isTrue();
    }

    @Test
    void section5_2_1_2_maxStaleIsLimitedByMaxAge() throws IOException {
        keep("");
        pass(90);

        assertThat(asksWith("max-stale=600, max-age=80")).isTrue();
    }

    @Test
    void section5_2_1_3_minFreshRefusesWhatIsFreshForLess() throws IOException {
        keep("");
        pass(10);

        assertThat(asksWith("min-fresh=51")).isTrue();
    }

    @Test
    void section5_2_1_3_minFreshTakesWhatIsFreshForAsLong() throws IOException {
        keep("");
        pass(10);

        assertThat(asksWith("min-fresh=50")).isFalse();
    }

    @Test
    void section5_2_1_4_noCacheAsksTheBackend() throws IOException {
        keep("");

        assertThat(asksWith("no-cache")).isTrue();
    }

    @Test
    void section5_2_1_4_noCacheMayBeAnsweredWithWhatStillHolds() throws IOException {
        keep("");
        backend.answer(notModified("ETag: \"a\""));

        RawResponse checked = get("Cache-Control: no-cache");

        assertThat(asked()).isEqualTo(2);
        assertThat(checked.status()).isEqualTo(200);
        assertThat(checked.text()).isEqualTo("one");
    }

    @Test
    void section5_2_1_4_whatNoCacheBringsIsKeptForOthers() throws IOException {
        keep("");
        backend.answer(page("two", "Cache-Control: max-age=60"));
        get("Cache-Control: no-cache");

        assertThat(get().text()).isEqualTo("two");
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void section5_2_1_4_noCacheIsNotBridgedWithWhatIsStale() throws IOException {
        keep(", stale-while-revalidate=600");
        pass(61);
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get("Cache-Control: no-cache").text()).isEqualTo("two");
    }

    @Test
    void section5_2_1_5_theAnswerToNoStoreIsNotKept() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60"));
        get("Cache-Control: no-store");

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section5_2_1_7_onlyIfCachedGetsWhatIsKept() throws IOException {
        keep("");

        RawResponse hit = get("Cache-Control: only-if-cached");

        assertThat(hit.text()).isEqualTo("one");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void section5_2_1_7_onlyIfCachedIsRefusedIfNothingIsKept() throws IOException {
        assertThat(get("Cache-Control: only-if-cached").status()).isEqualTo(504);
        assertThat(asked()).isZero();
    }

    @Test
    void section5_2_1_7_onlyIfCachedIsRefusedIfWhatIsKeptIsStale() throws IOException {
        keep("");
        pass(61);

        assertThat(get("Cache-Control: only-if-cached").status()).isEqualTo(504);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void section5_2_1_7_onlyIfCachedMayTakeWhatIsStale() throws IOException {
        keep("");
        pass(61);

        assertThat(get("Cache-Control: only-if-cached, max-stale=10").text()).isEqualTo("one");
    }

    @Test
    void section5_4_pragmaIsNoCache() throws IOException {
        keep("");

        assertThat(asksBackend("Pragma: no-cache")).isTrue();
    }

    @Test
    void section5_4_pragmaIsIgnoredBesideCacheControl() throws IOException {
        keep("");

        assertThat(asksBackend("Pragma: no-cache", "Cache-Control: max-age=60")).isFalse();
    }

    @Test
    void section5_2_directivesHaveNoCase() throws IOException {
        keep("");

        assertThat(asksWith("NO-Cache")).isTrue();
    }

    @Test
    void section5_2_3_unknownDirectivesAreIgnored() throws IOException {
        keep("");

        assertThat(asksWith("frobnicate=\"no-cache\"")).isFalse();
    }
}
