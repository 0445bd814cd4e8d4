package dev.detour.proxy.rfc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.RawResponse;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is said to this cache only (RFC 9213), and to surrogates. */
class Rfc9213Test extends CacheRig {
    @Test
    void section2_2_theFieldOfThisCacheComesFirst() throws IOException {
        assertThat(isReused(
                        30,
                        "Detour-Cache-Control: max-age=60",
                        "CDN-Cache-Control: max-age=10",
                        "Cache-Control: max-age=5"))
                .isTrue();
    }

    @Test
    void section2_2_thenComesThatOfCdns() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=60", "Cache-Control: max-age=5"))
                .isTrue();
    }

    @Test
    void section2_2_aShorterTimeForCdnsCounts() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=5", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_2_whatOthersMayNotKeepCdnsMay() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=60", "Cache-Control: no-store"))
                .isTrue();
    }

    @Test
    void section2_2_whatOthersMayKeepCdnsMayNot() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: no-store", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_2_privateForCdnsCounts() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: private, max-age=60", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_2_expiresIsIgnoredBesideIt() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=60", "Expires: 0")).isTrue();
    }

    @Test
    void section2_2_aFieldWithoutLifetimeStillRulesOutTheOthers() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: must-revalidate", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_2_anEmptyFieldIsIgnored() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control:", "Cache-Control: max-age=60"))
                .isTrue();
    }

    @Test
    void section2_2_aFieldThatIsNoDictionaryIsIgnored() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: max-age=60, &!", "Cache-Control: no-store"))
                .isFalse();
    }

    @Test
    void section2_1_keysInUpperCaseAreNoDictionary() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: MAX-AGE=60", "Cache-Control: no-store"))
                .isFalse();
    }

    @Test
    void section2_1_aLifetimeThatIsNoNumberIsNoLifetime() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: max-age=soon", "Cache-Control: no-store"))
                .isFalse();
    }

    @Test
    void section2_1_parametersOfADirectiveAreIgnored() throws IOException {
        assertThat(isReused(0, "CDN-Cache-Control: no-store;why=1", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_1_parametersOfALifetimeAreIgnored() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=10;why=1", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void section2_2_anInvalidFieldOfThisCacheLeavesTheNextInForce() throws IOException {
        assertThat(isReused(30, "Detour-Cache-Control: &", "CDN-Cache-Control: max-age=60", "Cache-Control: no-store"))
                .isTrue();
    }

    @Test
    void section3_mustRevalidateForCdnsForbidsStaleAnswers() throws IOException {
        stored("one", "CDN-Cache-Control: max-age=60, must-revalidate", "Cache-Control: max-age=60");
        pass(61);
        backend.answer(answer(503, "down"));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void whatIsSaidToThisCacheDoesNotReachClients() throws IOException {
        RawResponse first =
                stored("one", "Detour-Cache-Control: max-age=60", "Cache-Control: max-age=5", "Surrogate-Control: x");
        RawResponse hit = get();

        assertThat(first.header("detour-cache-control")).isNull();
        assertThat(hit.header("detour-cache-control")).isNull();
        assertThat(hit.header("surrogate-control")).isNull();
        assertThat(hit.header("cache-control")).isEqualTo("max-age=5");
    }

    @Test
    void whatIsSaidToThisCacheDoesNotReachClientsOfWhatIsNotKept() throws IOException {
        RawResponse passed =
                stored("one", "Detour-Cache-Control: no-store", "Surrogate-Control: no-store", "Surrogate-Key: a b");

        assertThat(passed.header("detour-cache-control")).isNull();
        assertThat(passed.header("surrogate-control")).isNull();
        assertThat(passed.header("surrogate-key")).isNull();
    }

    @Test
    void surrogateControlComesBeforeCacheControl() throws IOException {
        assertThat(isReused(30, "Surrogate-Control: max-age=60", "Cache-Control: max-age=5"))
                .isTrue();
    }

    @Test
    void surrogateControlMayForbidKeeping() throws IOException {
        assertThat(isReused(0, "Surrogate-Control: no-store", "Cache-Control: max-age=60"))
                .isFalse();
    }

    @Test
    void surrogateControlThatOnlyNamesContentLeavesTheLifetime() throws IOException {
        assertThat(isReused(30, "Surrogate-Control: content=\"ESI/1.0\"", "Cache-Control: max-age=60"))
                .isTrue();
    }

    @Test
    void theFieldForCdnsComesBeforeSurrogateControl() throws IOException {
        assertThat(isReused(30, "CDN-Cache-Control: max-age=60", "Surrogate-Control: max-age=5"))
                .isTrue();
    }
}
