package dev.detour.proxy.cache;

import static dev.detour.proxy.cache.Messages.headers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rfc9111Section4SelectionTest {
    @ParameterizedTest
    @CsvSource({
        "OTHER,true,/a%2fb%7e?b=2&a=1&&b=1#x,/a%2Fb~?a=1&b=2&b=1",
        "OTHER,true,/a?,/a",
        "OTHER,true,/%%341,/%%341",
        "OTHER,true,/a?a&a=&a,/a?a&a=&a",
        "OTHER,false,/a?x=1,/a",
        "SIMPLE,true,/simple/x/?format=text/html&a=1,/simple/x/?a=1",
        "JSON,false,/pypi/My._Pkg/json,/pypi/my-pkg/json",
        "JSON,false,/pypi/My.Pkg/1.0_A/json,/pypi/my-pkg/1.0_A/json",
        "JSON,false,/pypi/My.Pkg/a/b/json,/pypi/My.Pkg/a/b/json",
        "OTHER,false,/pypi/My.Pkg/json,/pypi/My.Pkg/json"
    })
    void section2_spellingsOfOneTargetAreOneKey(ApiClass api, boolean keepsQuery, String target, String expected) {
        assertThat(CacheKey.of("b", "h", target, api, keepsQuery).target()).isEqualTo(expected);
    }

    @Test
    void section2_plainTargetIsUsedAsItIs() {
        String target = "/pypi/pip/json";

        assertThat(CacheKey.of("b", "h", target, ApiClass.JSON, true).target()).isSameAs(target);
    }

    @ParameterizedTest
    @CsvSource({"PyPI.org:443,pypi.org", "pypi.org:80,pypi.org", "pypi.org:8443,pypi.org:8443", ",''"})
    void section2_hostIsLowerCaseWithoutDefaultPort(String host, String expected) {
        assertThat(CacheKey.of("b", host, "/", ApiClass.OTHER, true).host()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip, deflate, br|br,deflate,gzip",
                "x-gzip;q=0.5, BR;q=0|gzip",
                "identity|''",
                "*;q=0.1, gzip;q=0|*,-gzip",
                "gzip;q=0.000|''",
                "compress, zstd|zstd"
            })
    void section41_acceptEncodingIsTheSetOfCodings(String sent, String codings) {
        String key = VariantKey.of(List.of("accept-encoding"), headers("Accept-Encoding", sent), false);

        assertThat(key).isEqualTo("accept-encoding:" + codings + "\n");
    }

    @Test
    void section41_missingHeaderDiffersFromAnEmptyOne() {
        assertThat(VariantKey.of(List.of("cookie"), headers(), false))
                .isNotEqualTo(VariantKey.of(List.of("cookie"), headers("Cookie", ""), false));
    }

    @Test
    void section41_linesAndBlanksAroundCommasDoNotCountOutsideOfQuotes() {
        assertThat(other(headers("X", "a , b", "X", "c"))).isEqualTo(other(headers("X", "a,b,  c")));
        assertThat(other(headers("X", "\"a , b\""))).isNotEqualTo(other(headers("X", "\"a,b\"")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|text/html",
                "image/png|text/html",
                "application/vnd.pypi.simple.latest+json|application/vnd.pypi.simple.v1+json",
                "text/html;q=0.1, application/vnd.pypi.simple.v1+json|application/vnd.pypi.simple.v1+json",
                "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html|application/vnd.pypi.simple.v1+html"
            })
    void section41_acceptOfASimplePageIsWhatTheClientGets(String accept, String form) {
        HttpHeaders request = headers("Accept", accept);

        assertThat(VariantKey.simpleForm(request, "/simple/x/")).isEqualTo(form);
        assertThat(VariantKey.of(List.of("accept"), request, true)).isEqualTo("accept:" + form + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/simple/?format=application/vnd.pypi.simple.v1+json,application/vnd.pypi.simple.v1+json",
        "/simple/?format=application%2Fvnd.pypi.simple.latest%2Bhtml#f,application/vnd.pypi.simple.v1+html",
        "/simple/?format=json,text/html",
        "/simple/?format=%zz,text/html"
    })
    void formatWinsOverAccept(String target, String form) {
        assertThat(VariantKey.simpleForm(headers("Accept", "text/html"), target))
                .isEqualTo(form);
    }

    private static String other(HttpHeaders request) {
        return VariantKey.of(List.of("x"), request, false);
    }
}
