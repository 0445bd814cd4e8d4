package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.policy;
import static dev.detour.proxy.cache.Messages.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc9213TargetedControlTest {
    @Test
    void section22_theFirstValidFieldOfTheListDecidesAlone() {
        StorePolicy policy = stored(
                "Detour-Cache-Control",
                "max-age=1",
                "CDN-Cache-Control",
                "max-age=2",
                "Cache-Control",
                "no-store, s-maxage=3");

        assertThat(policy.lifetime()).isEqualTo(1);
        assertThat(policy("CDN-Cache-Control", "no-store", "Cache-Control", "max-age=9"))
                .isNull();
    }

    @Test
    void section22_expiresDoesNotCountBesideATargetedField() {
        assertThat(policy("CDN-Cache-Control", "public", "Expires", "Sun, 01 Mar 2999 12:00:00 GMT"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "max-age=", "Max-Age=2", "max-age=2,", "max-age=2 x", "max-age=\"2", "=2", "max-age=2;", "?0"
            })
    void section21_malformedFieldIsIgnored(String malformed) {
        assertThat(stored("CDN-Cache-Control", malformed, "Cache-Control", "max-age=7")
                        .lifetime())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-age=2",
                "max-age=9 , max-age=2",
                "max-age=2;a=\"b,c\";d",
                "x=(a \"b\";c=1 2), max-age=2",
                "x=:YQ==:,\tmax-age=2",
                "no-store=?0, max-age=2, y=1.5"
            })
    void section21_wellFormedFieldIsReadAsADictionary(String field) {
        assertThat(stored("CDN-Cache-Control", field, "Cache-Control", "max-age=7")
                        .lifetime())
                .isEqualTo(2);
    }

    @Test
    void surrogateControlDecidesHowLongButNotWhether() {
        StorePolicy policy = stored(
                "Surrogate-Control", "max-age=86400, stale-while-revalidate=300, stale-if-error=86400",
                "Cache-Control", "max-age=600, s-maxage=5, public");

        assertThat(policy.lifetime()).isEqualTo(86400);
        assertThat(policy.staleWhileRevalidate()).isEqualTo(300);
        assertThat(policy.staleIfError()).isEqualTo(86400);
        assertThat(policy.mustRevalidate()).isFalse();
        assertThat(policy("Surrogate-Control", "max-age=9", "Cache-Control", "private"))
                .isNull();
        assertThat(policy("Surrogate-Control", "no-store", "Cache-Control", "max-age=9"))
                .isNull();
    }

    @Test
    void rfc5861_staleTimesAreMinusOneWhereNothingIsSaid() {
        StorePolicy silent = stored("Cache-Control", "max-age=1");

        assertThat(silent.staleWhileRevalidate()).isEqualTo(-1);
        assertThat(silent.staleIfError()).isEqualTo(-1);
        assertThat(stored("Cache-Control", "max-age=1, stale-if-error=5").staleIfError())
                .isEqualTo(5);
    }

    @Test
    void clientsDoNotSeeWhatIsTargeted() {
        HttpHeaders headers = Messages.headers(
                "surrogate-control",
                "x",
                "Surrogate-Key",
                "x",
                "CDN-Cache-Control",
                "x",
                "Detour-Cache-Control",
                "x",
                "ETag",
                "x");

        StorePolicy.strip(headers);

        assertThat(headers.names()).containsExactly("ETag");
        assertThat(StorePolicy.isTargeted("SURROGATE-KEY")).isTrue();
        assertThat(StorePolicy.isTargeted("ETag")).isFalse();
    }
}
