package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static dev.detour.proxy.cache.Messages.policy;
import static dev.detour.proxy.cache.Messages.response;
import static dev.detour.proxy.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc9111Section3StoringTest {
    private static final String[] FRESH = {"Cache-Control", "max-age=60"};

    @Test
    void section3_onlyGetIsStored() {
        assertThat(StorePolicy.of(
                        HttpMethod.POST, headers(), response(200, FRESH), Messages.NOW, Messages.NOW, Messages.ABSENCE))
                .isNull();
        assertThat(policy(headers(), response(200, FRESH))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501})
    void section3_understoodStatusIsStoredWithExplicitFreshness(int status) {
        assertThat(policy(headers(), response(status, FRESH))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {206, 304, 400, 403, 500, 502, 503, 504})
    void section3_otherStatusIsNeverStored(int status) {
        assertThat(policy(headers(), response(status, FRESH))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"no-store", "NO-STORE", "max-age=60, no-store", "private", "private=\"x-user\", max-age=60"})
    void section3_responseThatForbidsItIsNotStored(String control) {
        assertThat(policy("Cache-Control", control, "ETag", "\"a\"")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-understand, no-store, max-age=60", "max-age=60, no-store, must-understand"})
    void section5223_mustUnderstandIsForCachesThatKnowTheStatus(String control) {
        assertThat(stored("Cache-Control", control).lifetime()).isEqualTo(60);
        assertThat(policy(headers(), response(206, "Cache-Control", control))).isNull();
        assertThat(policy(headers(), response(599, "Cache-Control", control))).isNull();
    }

    @Test
    void section5223_mustUnderstandMakesNothingPublic() {
        assertThat(policy("Cache-Control", "must-understand, no-store, private, max-age=60"))
                .isNull();
        assertThat(policy("Cache-Control", "must-understand, no-store")).isNull();
    }

    @Test
    void section3_requestWithNoStoreIsNotStored() {
        assertThat(policy(headers("Cache-Control", "no-store"), response(200, FRESH)))
                .isNull();
    }

    @Test
    void section3_answerThatSetsACookieOrIsPartialIsNotStored() {
        assertThat(policy("Cache-Control", "max-age=60", "Set-Cookie", "a=b")).isNull();
        assertThat(policy("Cache-Control", "max-age=60", "Content-Range", "bytes 0-1/2"))
                .isNull();
    }

    @Test
    void section35_authorizationNeedsAWordThatAllowsSharing() {
        HttpHeaders authorized = headers("Authorization", "Basic eDp5");

        assertThat(policy(authorized, response(200, FRESH))).isNull();
        assertThat(policy(authorized, response(200, "Cache-Control", "max-age=60, public")))
                .isNotNull();
        assertThat(policy(authorized, response(200, "Cache-Control", "s-maxage=60")))
                .isNotNull();
        assertThat(policy(authorized, response(200, "Cache-Control", "max-age=60, must-revalidate")))
                .isNotNull();
    }

    @Test
    void section41_varyOnEverythingIsNotStored() {
        assertThat(policy("Cache-Control", "max-age=60", "Vary", "Accept, *")).isNull();
    }

    @Test
    void section41_varyIsSortedAcrossLines() {
        StorePolicy policy = stored("Cache-Control", "max-age=60", "Vary", "Cookie, accept", "Vary", "Accept");

        assertThat(policy.vary()).containsExactly("accept", "cookie");
    }

    @Test
    void section422_noFreshnessIsGuessed() {
        assertThat(policy()).isNull();
        assertThat(policy(headers(), response(301, "ETag", "\"a\""))).isNull();
        assertThat(stored("ETag", "\"a\"").lifetime()).isZero();
        assertThat(stored("Last-Modified", Messages.DATE).lifetime()).isZero();
    }

    @Test
    void section422_absenceIsKnownForAWhile() {
        StorePolicy gone = policy(headers(), response(404));

        assertThat(Objects.requireNonNull(gone).lifetime()).isEqualTo(60);
        assertThat(StorePolicy.of(HttpMethod.GET, headers(), response(404), Messages.NOW, Messages.NOW, Duration.ZERO))
                .isNull();
    }

    @Test
    void surrogateKeysAreTheWordsOfAllLines() {
        StorePolicy policy =
                stored("ETag", "\"a\"", "Surrogate-Key", "project/pip  all-projects", "Surrogate-Key", "x");

        assertThat(policy.keys()).containsExactlyInAnyOrder("project/pip", "all-projects", "x");
    }

    @Test
    void section31_fieldsOfTheConnectionAndOfOneAnswerAreNotKept() {
        HttpHeaders kept = StoredHeaders.toStore(headers(
                "Connection",
                "close, X-Hop",
                "X-Hop",
                "1",
                "Keep-Alive",
                "5",
                "Proxy-Authenticate",
                "Basic",
                "Transfer-Encoding",
                "chunked",
                "Age",
                "5",
                "Content-Length",
                "3",
                "Detour-Source",
                "x",
                "Surrogate-Key",
                "k",
                "CDN-Cache-Control",
                "max-age=1",
                "Set-Cookie",
                "a=b",
                "ETag",
                "\"a\"",
                "X-PyPI-Last-Serial",
                "7"));

        assertThat(kept.names()).containsExactlyInAnyOrder("ETag", "X-PyPI-Last-Serial");
    }

    @Test
    void rfc9110Section763_whoPassedAnAnswerOnBeforeIsKept() {
        HttpHeaders kept = StoredHeaders.toStore(headers("Via", "1.1 inner", "Via", "1.1 outer"));

        assertThat(kept.getAll("Via")).containsExactly("1.1 inner", "1.1 outer");
    }

    @Test
    void section32_notModifiedReplacesItsFieldsButNotThoseOfTheBody() {
        HttpHeaders stored = headers(
                "ETag", "\"a\"", "Content-Type", "text/html", "Content-Encoding", "gzip", "X", "1", "X", "2", "Y", "3");

        HttpHeaders updated = StoredHeaders.updated(
                stored,
                headers(
                        "etag",
                        "W/\"a\"",
                        "content-type",
                        "x/y",
                        "content-encoding",
                        "br",
                        "x",
                        "9",
                        "Content-Length",
                        "0"));

        assertThat(updated.getAll("X")).containsExactly("9");
        assertThat(updated.get("Y")).isEqualTo("3");
        assertThat(updated.get("ETag")).isEqualTo("\"a\"");
        assertThat(updated.get("Content-Type")).isEqualTo("text/html");
        assertThat(updated.get("Content-Encoding")).isEqualTo("gzip");
        assertThat(updated.contains("Content-Length")).isFalse();
        assertThat(stored.getAll("X")).containsExactly("1", "2");
    }
}
