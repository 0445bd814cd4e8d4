package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the backend may ask of the cache (RFC 9111 5.2.2). */
class Rfc9111Section5_2ResponseDirectivesTest extends CacheRig {
    private RawResponse inAnOutage(String control) throws IOException {
        stored("one", "Cache-Control: " + control, "ETag: \"a\"");
        pass(61);
        backend.answer(answer(503, "down"));
        return get();
    }

    @Test
    void section5_2_2_2_mustRevalidateIsGivenWhileFresh() throws IOException {
        assertThat(isReused(59, "Cache-Control: max-age=60, must-revalidate")).isTrue();
    }

    @Test
    void section5_2_2_2_mustRevalidateIsNeverGivenStale() throws IOException {
        assertThat(inAnOutage("max-age=60, must-revalidate").status()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void section5_2_2_2_mustRevalidateIsNotGivenStaleIfTheBackendIsGone() throws IOException {
        stored("one", "Cache-Control: max-age=60, must-revalidate", "ETag: \"a\"");
        pass(61);
        backend.refuse();
        backend.resetConnections();

        assertThat(get().status()).isGreaterThanOrEqualTo(500);
    }

    @Test
    void section5_2_2_2_mustRevalidateOverrulesStaleWhileRevalidate() throws IOException {
        stored("one", "Cache-Control: max-age=60, must-revalidate, stale-while-revalidate=600");
        pass(61);
        backend.answer(page("two"));

        assertThat(get().text()).isEqualTo("two");
    }

    @Test
    void section5_2_2_2_mustRevalidateOverrulesStaleIfError() throws IOException {
        assertThat(inAnOutage("max-age=60, must-revalidate, stale-if-error=600").status())
                .isEqualTo(503);
    }

    @Test
    void section5_2_2_3_mustUnderstandIsKeptInSpiteOfNoStoreIfItsStatusIsKnown() throws IOException {
        assertThat(isReused(59, "Cache-Control: must-understand, no-store, max-age=60"))
                .isTrue();
    }

    @Test
    void section5_2_2_3_mustUnderstandIsNotKeptIfItsStatusIsUnknown() throws IOException {
        backend.answer(answer(418, "tea", "Cache-Control: must-understand, no-store, max-age=60"));
        get();

        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section5_2_2_3_mustUnderstandAloneAllowsNoMoreThanItsLifetime() throws IOException {
        assertThat(isReused(61, "Cache-Control: must-understand, no-store, max-age=60"))
                .isFalse();
    }

    @Test
    void section5_2_2_4_noCacheIsAskedForEachTime() throws IOException {
        stored("one", "Cache-Control: no-cache, max-age=60", "ETag: \"a\"");
        backend.answer(notModified("ETag: \"a\""));

        RawResponse again = get();

        assertThat(asked()).isEqualTo(2);
        assertThat(again.text()).isEqualTo("one");
        assertThat(asksBackend()).isTrue();
    }

    @Test
    void section5_2_2_4_noCacheIsNeverGivenStale() throws IOException {
        assertThat(inAnOutage("no-cache, max-age=60").status()).isEqualTo(503);
    }

    @Test
    void section5_2_2_4_noCacheWithoutALifetimeIsNotGivenUnasked() throws IOException {
        assertThat(isReused(0, "Cache-Control: no-cache", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section5_2_2_4_fieldsNamedByNoCacheAreNotGivenUnasked() throws IOException {
        stored("one", "Cache-Control: no-cache=\"X-Odd, X-Other\", max-age=60", "X-Odd: 1", "X-Other: 2");
        backend.answer(page("two", "Cache-Control: max-age=60"));

        RawResponse again = get();

        assertThat(again.header("x-odd")).isNull();
        assertThat(again.header("x-other")).isNull();
    }

    @Test
    void section5_2_2_5_noStoreIsAskedForEachTime() throws IOException {
        assertThat(isReused(0, "Cache-Control: no-store")).isFalse();
    }

    @Test
    void section5_2_2_5_noStoreIsNotGivenInAnOutage() throws IOException {
        assertThat(inAnOutage("no-store, max-age=60").status()).isEqualTo(503);
    }

    @Test
    void section5_2_2_7_privateIsNotGivenInAnOutage() throws IOException {
        assertThat(inAnOutage("private, max-age=60").status()).isEqualTo(503);
    }

    @Test
    void section5_2_2_7_fieldsNamedByPrivateAreNotGivenToOthers() throws IOException {
        stored("one", "Cache-Control: private=\"X-Odd\", max-age=60", "X-Odd: 1");
        backend.answer(page("two", "Cache-Control: max-age=60"));

        assertThat(get().header("x-odd")).isNull();
    }

    @Test
    void section5_2_2_8_proxyRevalidateIsNeverGivenStale() throws IOException {
        assertThat(inAnOutage("max-age=60, proxy-revalidate").status()).isEqualTo(503);
    }

    @Test
    void section5_2_2_8_proxyRevalidateIsGivenWhileFresh() throws IOException {
        assertThat(isReused(59, "Cache-Control: max-age=60, proxy-revalidate")).isTrue();
    }

    @Test
    void section5_2_2_10_aSharedLifetimeIsProxyRevalidateToo() throws IOException {
        assertThat(inAnOutage("s-maxage=60").status()).isEqualTo(503);
    }

    @Test
    void section5_2_2_9_publicChangesNoLifetime() throws IOException {
        assertThat(isReused(60, "Cache-Control: public, max-age=60")).isFalse();
    }

    @Test
    void section5_2_2_1_maxAgeZeroIsAskedForEachTime() throws IOException {
        assertThat(isReused(0, "Cache-Control: max-age=0", "ETag: \"a\"")).isFalse();
    }

    @Test
    void section4_2_4_withoutSuchWordsWhatIsStaleHelpsInAnOutage() throws IOException {
        assertThat(inAnOutage("max-age=60").text()).isEqualTo("one");
    }
}
