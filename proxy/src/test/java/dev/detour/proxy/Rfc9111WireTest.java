package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section by section, over connections: what is answered the second time, and what the backend is asked. */
class Rfc9111WireTest {
    private static final String PAGE = "/thing";

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private void start(boolean obeyClients) throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .route("thing", PAGE, Set.of(), ApiClass.WEB)
                .cache(Caches.inMemory(16 << 20, 1 << 20, Duration.ofSeconds(10), obeyClients))
                .clock(clock)
                .start();
    }

    /** Header lines of an answer, written with a bar between them. */
    private static Answer page(int status, String headers) {
        String[] lines = Arrays.stream(headers.split("\\|"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toArray(String[]::new);
        return Answer.status(status, "text/html", "page".getBytes(StandardCharsets.UTF_8), lines);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            3     ; Cache-Control: no-store                                       ; 0  ; backend
            3     ; Cache-Control: private                                        ; 0  ; backend
            3     ; Cache-Control: private="x-user", max-age=60                   ; 0  ; backend
            3     ; Cache-Control: max-age=60 | Set-Cookie: a=b                   ; 0  ; backend
            3     ; ''                                                            ; 0  ; backend
            3     ; Cache-Control: max-age=60 | X-Other: y                        ; 0  ; cache
            4.1   ; Cache-Control: max-age=60 | Vary: *                           ; 0  ; backend
            4.1   ; Cache-Control: max-age=60 | Vary: Accept-Encoding             ; 0  ; cache
            4.2   ; Cache-Control: max-age=60                                     ; 59 ; cache
            4.2   ; Cache-Control: max-age=60                                     ; 60 ; backend
            4.2   ; Cache-Control: MAX-AGE="60"                                   ; 59 ; cache
            4.2   ; Cache-Control: max-age=abc                                    ; 0  ; backend
            4.2   ; Cache-Control: max-age=60, max-age=5                          ; 6  ; backend
            4.2   ; Cache-Control: max-age=99999999999999999999                   ; 9999 ; cache
            4.2.1 ; Cache-Control: max-age=5, s-maxage=60                         ; 59 ; cache
            4.2.1 ; Cache-Control: max-age=60, s-maxage=5                         ; 6  ; backend
            4.2.1 ; Cache-Control: max-age=60 | Expires: 0                        ; 59 ; cache
            4.2.1 ; Expires: 0                                                    ; 0  ; backend
            4.2.1 ; Date: Thu, 01 Jan 2026 00:00:00 GMT | Expires: Thu, 01 Jan 2026 00:01:00 GMT ; 59 ; cache
            4.2.1 ; Date: Thu, 01 Jan 2026 00:00:00 GMT | Expires: Thu, 01 Jan 2026 00:01:00 GMT ; 60 ; backend
            4.2.3 ; Cache-Control: max-age=60 | Age: 50                           ; 9  ; cache
            4.2.3 ; Cache-Control: max-age=60 | Age: 50                           ; 10 ; backend
            4.2.3 ; Cache-Control: max-age=60 | Age: old                          ; 59 ; cache
            4.2.3 ; Cache-Control: max-age=60 | Date: Wed, 31 Dec 2025 23:59:30 GMT ; 29 ; cache
            4.2.3 ; Cache-Control: max-age=60 | Date: Wed, 31 Dec 2025 23:59:30 GMT ; 30 ; backend
            5.2.2.4  ; Cache-Control: no-cache, max-age=60                        ; 0  ; backend
            RFC 9213 ; CDN-Cache-Control: max-age=60 | Cache-Control: no-store    ; 59 ; cache
            RFC 9213 ; CDN-Cache-Control: no-store | Cache-Control: max-age=60    ; 0  ; backend
            RFC 9213 ; Detour-Cache-Control: max-age=60 | CDN-Cache-Control: max-age=5 ; 59 ; cache
            RFC 9213 ; CDN-Cache-Control: max-age=60=60, | Cache-Control: max-age=5 ; 6 ; backend
            Surrogate ; Surrogate-Control: max-age=60 | Cache-Control: max-age=0  ; 59 ; cache
            Surrogate ; Surrogate-Control: max-age=60 | Cache-Control: private    ; 0  ; backend
            """)
    void whatIsGivenTheSecondTime(String section, String headers, int seconds, String source) throws IOException {
        start(false);
        backend.answer(page(200, headers));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(seconds));

        assertThat(proxy.get(PAGE).header("detour-source")).as(section).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource({
        "200, cache", "203, cache", "204, cache", "300, cache", "301, cache", "308, cache", "404, cache", "405, cache",
        "410, cache", "414, cache", "501, cache", "302, cache", "303, cache", "307, cache", "400, backend",
                "401, backend",
        "403, backend", "429, backend"
    })
    void section3_statusesThatMayBeKept(int status, String source) throws IOException {
        start(false);
        backend.answer(Answer.raw("HTTP/1.1 " + status
                + " Scripted\r\nContent-Type: text/html\r\nCache-Control: max-age=60\r\nContent-Length: 0\r\n\r\n"));
        proxy.get(PAGE);

        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo(source);
    }

    @Test
    void section3_1_whatBelongsToAConnectionIsNotKept() throws IOException {
        start(false);
        backend.answer(
                page(200, "Cache-Control: max-age=60 | Connection: X-Hop | X-Hop: 1 | Keep-Alive: 5 | X-Kept: 1"));
        proxy.get(PAGE);

        RawResponse hit = proxy.get(PAGE);

        assertThat(hit.header("x-hop")).isNull();
        assertThat(hit.header("keep-alive")).isNull();
        assertThat(hit.header("x-kept")).isEqualTo("1");
        assertThat(hit.header("via")).isEqualTo("1.1 detour");
        assertThat(hit.header("date")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "max-age=60, backend",
        "'public, max-age=60', cache",
        "s-maxage=60, cache",
        "'max-age=60, must-revalidate', cache"
    })
    void section3_5_whatMayBeSharedAmongThoseWhoLogIn(String control, String source) throws IOException {
        start(false);
        backend.answer(page(200, "Cache-Control: " + control));
        proxy.get(PAGE);

        assertThat(proxy.get(PAGE, "Authorization: Basic eA==").header("detour-source"))
                .isEqualTo(source);
    }

    @Test
    void section4_1_requestsThatTheBackendTellsApartGetAnswersOfTheirOwn() throws IOException {
        start(false);
        backend.answerBy(head -> Answer.status(
                200,
                "text/html",
                String.valueOf(head.header("accept-language")).getBytes(StandardCharsets.UTF_8),
                "Cache-Control: max-age=60",
                "Vary: Accept-Language"));
        proxy.get(PAGE, "Accept-Language: de");

        assertThat(proxy.get(PAGE, "Accept-Language: fr").text()).isEqualTo("fr");
        assertThat(proxy.get(PAGE).text()).isEqualTo("null");
        assertThat(proxy.get(PAGE, "Accept-Language: de").header("detour-source"))
                .isEqualTo("cache");
        assertThat(backend.heads()).hasSize(3);
    }

    @Test
    void section4_3_1_theValidatorsOfWhatIsKeptAreSent() throws IOException {
        start(false);
        backend.answer(
                page(200, "ETag: W/\"a\" | Last-Modified: Wed, 31 Dec 2025 00:00:00 GMT | Cache-Control: max-age=1"));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(2));

        proxy.get(PAGE, "If-None-Match: \"other\"");

        assertThat(backend.heads().get(1).header("if-none-match")).isEqualTo("W/\"a\"");
        assertThat(backend.heads().get(1).header("if-modified-since")).isEqualTo("Wed, 31 Dec 2025 00:00:00 GMT");
    }

    @Test
    void section4_3_4_a304RenewsHeadersAndKeepsTheBody() throws IOException {
        start(false);
        backend.answer(page(200, "ETag: \"a\" | Cache-Control: max-age=1 | X-Version: 1"));
        proxy.get(PAGE);
        backend.answer(Answer.raw(
                "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nCache-Control: max-age=60\r\nX-Version: 2\r\n\r\n"));
        clock.advance(Duration.ofSeconds(2));

        RawResponse renewed = proxy.get(PAGE);
        RawResponse hit = proxy.get(PAGE);

        assertThat(renewed.status()).isEqualTo(200);
        assertThat(hit.header("detour-source")).isEqualTo("cache");
        assertThat(hit.header("x-version")).isEqualTo("2");
        assertThat(hit.header("content-type")).isEqualTo("text/html");
        assertThat(hit.text()).isEqualTo("page");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, 200, backend",
        "PUT, 201, backend",
        "DELETE, 204, backend",
        "PATCH, 302, backend",
        "POST, 403, cache",
        "POST, 500, cache",
        "OPTIONS, 200, cache",
        "HEAD, 200, cache"
    })
    void section4_4_whatChangesAThingMakesItInvalid(String method, int status, String source) throws IOException {
        start(false);
        backend.answerBy(head -> head.method().equals("GET")
                ? page(200, "Cache-Control: max-age=60")
                : Answer.raw("HTTP/1.1 " + status + " Scripted\r\nContent-Length: 0\r\n\r\n"));
        proxy.get(PAGE);

        proxy.request(method, PAGE, "Content-Length: 0");

        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            Cache-Control: no-cache      ; 0  ; true  ; backend
            Cache-Control: no-cache      ; 0  ; false ; cache
            Pragma: no-cache             ; 0  ; true  ; backend
            Cache-Control: max-age=0     ; 1  ; true  ; backend
            Cache-Control: max-age=0     ; 1  ; false ; cache
            Cache-Control: max-age=30    ; 29 ; true  ; cache
            Cache-Control: max-age=30    ; 31 ; true  ; backend
            Cache-Control: min-fresh=20  ; 39 ; true  ; cache
            Cache-Control: min-fresh=20  ; 41 ; true  ; backend
            Cache-Control: max-stale=20  ; 79 ; true  ; cache
            Cache-Control: max-stale=20  ; 79 ; false ; cache
            Cache-Control: max-stale=20  ; 81 ; true  ; backend
            Cache-Control: max-stale     ; 9999 ; true ; cache
            """)
    void section5_2_1_whatClientsMayAskFor(String header, int seconds, boolean obeyed, String source)
            throws IOException {
        start(obeyed);
        backend.answer(page(200, "Cache-Control: max-age=60"));
        proxy.get(PAGE);
        clock.advance(Duration.ofSeconds(seconds));

        assertThat(proxy.get(PAGE, header).header("detour-source")).isEqualTo(source);
    }

    @Test
    void section5_2_1_5_whatAClientWantsNotToBeKeptIsNot() throws IOException {
        start(false);
        backend.answer(page(200, "Cache-Control: max-age=60"));

        proxy.get(PAGE, "Cache-Control: no-store");

        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo("backend");
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache"})
    void section4_2_4_whatMustNotBeGivenStaleIsNot(String directive) throws IOException {
        start(false);
        backend.answer(page(200, "Cache-Control: max-age=60, " + directive));
        proxy.get(PAGE);
        backend.answer(page(503, ""));
        clock.advance(Duration.ofSeconds(61));

        assertThat(proxy.get(PAGE).status()).isEqualTo(503);
        assertThat(proxy.get(PAGE, "Cache-Control: max-stale").status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            max-age=60, stale-if-error=30                  ; 90 ; stale
            max-age=60, stale-if-error=30                  ; 91 ; refusal
            max-age=60, stale-while-revalidate=30          ; 90 ; cache
            max-age=60, stale-while-revalidate=30          ; 91 ; stale
            s-maxage=60, stale-if-error=30                 ; 90 ; stale
            max-age=60                                     ; 86400 ; stale
            """)
    void rfc5861_howLongSomethingMayBeStale(String control, int seconds, String source) throws IOException {
        start(false);
        backend.answer(page(200, "Cache-Control: " + control));
        proxy.get(PAGE);
        backend.answer(page(503, ""));
        clock.advance(Duration.ofSeconds(seconds));

        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo(source);
    }

    @Test
    void rfc9211_whatTheCacheDidIsSaid() throws IOException {
        start(false);
        backend.answer(page(200, "Cache-Control: max-age=60"));

        assertThat(proxy.get(PAGE).header("cache-status")).isEqualTo("detour; fwd=uri-miss; stored");
        assertThat(proxy.get(PAGE).header("cache-status")).isEqualTo("detour; hit; ttl=60");
        assertThat(proxy.get(PAGE, "Authorization: x").header("cache-status")).isEqualTo("detour; fwd=request");
        assertThat(proxy.request("POST", PAGE, "Content-Length: 0").header("cache-status"))
                .isEqualTo("detour; fwd=method");
    }
}
