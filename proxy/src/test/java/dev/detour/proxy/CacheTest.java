package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.ApiClass;
import dev.detour.config.CacheConfig;
import dev.detour.proxy.cache.Purge;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is answered from the cache, on the wire: when, how it is labelled, and when the backend is asked all the same. */
class CacheTest {
    private static final CacheConfig CACHE = Caches.inMemory(16 << 20, 4 << 20, Duration.ofSeconds(10), false);
    private static final String PAGE = "/simple/x/";

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = description().start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private ProxyDescription description() {
        return RunningProxy.with().endpoints(backend).cache(CACHE).clock(clock);
    }

    private static Answer page(String text, String... headers) {
        return Answer.status(200, "text/html", text.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static Answer fresh(String text) {
        return page(text, "Cache-Control: max-age=60", "ETag: \"" + text + "\"");
    }

    private RawResponse get(String... headers) throws IOException {
        return proxy.get(PAGE, headers);
    }

    @Test
    void aFreshAnswerIsGivenAgainWithoutAskingTheBackend() throws IOException {
        backend.answer(fresh("one"));
        RawResponse first = get();
        clock.advance(Duration.ofSeconds(7));

        RawResponse second = get("X-Request-Id: second");

        assertThat(first.header("detour-source")).isEqualTo("backend");
        assertThat(first.header("cache-status")).isEqualTo("detour; fwd=uri-miss; stored");
        assertThat(second.text()).isEqualTo("one");
        assertThat(second.header("detour-source")).isEqualTo("cache");
        assertThat(second.header("cache-status")).isEqualTo("detour; hit; ttl=53");
        assertThat(second.header("age")).isEqualTo("7");
        assertThat(second.header("x-request-id")).isEqualTo("second");
        assertThat(second.header("content-length")).isEqualTo("3");
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void whatIsNoLongerFreshIsAskedForOnceMoreAndMayStillHold() throws IOException {
        backend.answer(fresh("one"));
        get();
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\nCache-Control: max-age=60\r\n\r\n"));
        clock.advance(Duration.ofSeconds(61));

        RawResponse renewed = get();
        RawResponse after = get();

        assertThat(backend.heads().get(1).header("if-none-match")).isEqualTo("\"one\"");
        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.text()).isEqualTo("one");
        assertThat(renewed.header("cache-status")).isEqualTo("detour; fwd=stale; fwd-status=304; stored");
        assertThat(after.header("detour-source")).isEqualTo("cache");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void whatHasChangedReplacesWhatWasKept() throws IOException {
        backend.answer(fresh("one"));
        get();
        backend.answer(fresh("two"));
        clock.advance(Duration.ofSeconds(61));

        assertThat(get().text()).isEqualTo("two");
        assertThat(get().text()).isEqualTo("two");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void aBackendThatFailsIsReplacedByWhatItSaidBefore() throws IOException {
        backend.answer(fresh("one"));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofHours(20));

        RawResponse stale = get("X-Request-Id: stale");

        assertThat(stale.status()).isEqualTo(200);
        assertThat(stale.text()).isEqualTo("one");
        assertThat(stale.header("detour-source")).isEqualTo("stale");
        assertThat(stale.header("age"))
                .isEqualTo(Long.toString(Duration.ofHours(20).toSeconds()));
        assertThat(proxy.accessLine("id=stale")).contains("source=stale reason=status_503");
    }

    @Test
    void aBackendThatIsGoneIsReplacedByWhatItSaidBefore() throws IOException {
        backend.answer(fresh("one"));
        get();
        backend.refuse();
        backend.resetConnections();
        clock.advance(Duration.ofMinutes(2));

        assertThat(get().header("detour-source")).isEqualTo("stale");
    }

    @Test
    void graceEnds() throws IOException {
        backend.answer(fresh("one"));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofHours(25));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void theAnswersOwnLimitOfStalenessComesBeforeTheRoutes() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60, stale-if-error=30"));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofSeconds(80));
        assertThat(get().header("detour-source")).isEqualTo("stale");

        clock.advance(Duration.ofSeconds(20));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void staleAnswersComeBeforeTheMirrors() throws IOException {
        proxy.close();
        proxy = description().mirror(StubMirror.page()).start();
        backend.answer(fresh("one"));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofMinutes(2));

        assertThat(get().header("detour-source")).isEqualTo("stale");
        assertThat(proxy.get("/simple/other/").header("detour-source")).isEqualTo("mirror");
    }

    @Test
    void whatMustBeRevalidatedIsNeverGivenStale() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60, must-revalidate"));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofSeconds(61));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void staleWhileRevalidateAnswersAtOnceAndAsksMeanwhile() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=60, stale-while-revalidate=30"));
        get();
        backend.answer(page("two", "Cache-Control: max-age=60"));
        clock.advance(Duration.ofSeconds(70));

        assertThat(get().text()).isEqualTo("one");

        Await.until(() -> textOf(PAGE).equals("two"), () -> "still the old page");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void whatIsUsedALotIsRenewedBeforeItHasToBe() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=100"));
        for (int i = 0; i < 10; i++) {
            get();
        }
        backend.answer(page("two", "Cache-Control: max-age=100"));
        clock.advance(Duration.ofSeconds(92));

        assertThat(get().text()).isEqualTo("one");

        Await.until(() -> textOf(PAGE).equals("two"), () -> "still the old page");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void whatIsHardlyUsedIsNot() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=100"));
        get();
        clock.advance(Duration.ofSeconds(92));

        get();
        get();

        assertThat(Await.throughout(
                        Duration.ofMillis(100), () -> backend.heads().size() == 1))
                .isTrue();
    }

    @Test
    void renewalsComeInTurn() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=100"));
        for (int i = 0; i < 10; i++) {
            proxy.get("/simple/a/");
            proxy.get("/simple/b/");
        }
        clock.advance(Duration.ofSeconds(92));

        proxy.get("/simple/a/");
        proxy.get("/simple/b/");

        assertThat(Await.throughout(
                        Duration.ofMillis(100), () -> backend.heads().size() <= 3))
                .isTrue();
    }

    private String textOf(String target) {
        try {
            return proxy.get(target).text();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatMayNotBeKeptIsAskedForEachTime() throws IOException {
        backend.answer(page("one", "Cache-Control: no-store"));

        assertThat(get().header("detour-source")).isEqualTo("backend");
        RawResponse second = get();

        assertThat(second.text()).isEqualTo("one");
        assertThat(backend.heads()).hasSize(2);
        assertThat(proxy.cache().statistics().entries()).isZero();
    }

    @Test
    void clientsThatHaveItAreToldSo() throws IOException {
        backend.answer(fresh("one"));
        get();

        RawResponse unchanged = get("If-None-Match: \"one\"");

        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.header("etag")).isEqualTo("\"one\"");
        assertThat(unchanged.body()).isEmpty();
    }

    @Test
    void aConditionOfTheFirstClientDoesNotKeepOthersFromTheAnswer() throws IOException {
        backend.answer(fresh("one"));

        assertThat(get("If-None-Match: \"one\"").status()).isEqualTo(304);
        assertThat(get().text()).isEqualTo("one");
        assertThat(backend.heads()).hasSize(1);
        assertThat(backend.heads().get(0).header("if-none-match")).isNull();
    }

    @Test
    void partsAreCutFromWhatIsKept() throws IOException {
        backend.answer(fresh("0123456789"));
        get();

        RawResponse part = get("Range: bytes=2-4");
        RawResponse end = get("Range: bytes=-3");
        RawResponse beyond = get("Range: bytes=20-");

        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("234");
        assertThat(part.header("content-range")).isEqualTo("bytes 2-4/10");
        assertThat(end.text()).isEqualTo("789");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void headIsAnsweredFromAGet() throws IOException {
        backend.answer(fresh("one"));
        get();

        RawResponse head = proxy.request("HEAD", PAGE);

        assertThat(head.header("detour-source")).isEqualTo("cache");
        assertThat(head.header("content-length")).isEqualTo("3");
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void nothingIsAskedForOnlyIfCached() throws IOException {
        RawResponse missing = get("Cache-Control: only-if-cached");

        assertThat(missing.status()).isEqualTo(504);
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void formsOfAPageAreKeptApartAndSpellingsAreNot() throws IOException {
        String json = "application/vnd.pypi.simple.v1+json";
        backend.answerBy(head -> String.valueOf(head.header("accept")).startsWith(json)
                ? Answer.status(
                        200, json, "{}".getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=60", "Vary: Accept")
                : page("<html>", "Cache-Control: max-age=60", "Vary: Accept"));
        get("Accept: " + json + ", text/html;q=0.1");
        get("Accept: text/html");

        RawResponse spelled = get("Accept: " + json + ";q=1.0,  text/html;q=0.01");
        RawResponse browser = get("Accept: text/html,application/xhtml+xml,*/*;q=0.8");

        assertThat(spelled.text()).isEqualTo("{}");
        assertThat(browser.text()).isEqualTo("<html>");
        assertThat(backend.heads()).hasSize(2);
    }

    @Test
    void aWriteMakesWhatWasKeptInvalid() throws IOException {
        proxy.close();
        proxy = description().route("thing", "/thing", Set.of(), ApiClass.WEB).start();
        backend.answer(fresh("one"));
        proxy.get("/thing");
        proxy.request("POST", "/thing", "Content-Length: 0");
        backend.answer(fresh("two"));

        assertThat(proxy.get("/thing").text()).isEqualTo("two");
    }

    // ---- one fetch for many

    @Test
    void aThousandClientsOfOnePageAreOneRequestToTheBackend() throws Exception {
        byte[] body = new byte[1 << 20];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + i % 23);
        }
        CountDownLatch all = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(all);
            Answer.status(200, "text/html", body, "Cache-Control: max-age=60").play(wire);
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            RawClient client = proxy.client();
            client.get(PAGE);
            clients.add(client);
        }
        long before = PlatformDependent.usedDirectMemory();
        all.countDown();
        Await.until(() -> proxy.cache().statistics().entries() == 1, () -> "the page is not kept");
        // everybody is being answered, and nobody reads: what does not fit in the sockets waits in memory
        long waiting = PlatformDependent.usedDirectMemory() - before;

        for (RawClient client : clients) {
            assertThat(client.read().body()).isEqualTo(body);
            client.close();
        }
        assertThat(backend.heads()).hasSize(1);
        assertThat(waiting).isPositive().isLessThanOrEqualTo(3L * body.length);
    }

    private static void awaitUninterrupted(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void aClientThatLeavesTakesNothingFromTheOthers() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(gone);
            fresh("for all").play(wire);
        });
        try (RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.get(PAGE, "X-Request-Id: first");
            backend.awaitHeads(1, Duration.ofSeconds(10));
            second.get(PAGE);
            first.reset();
            proxy.accessLine("id=first");
            gone.countDown();

            assertThat(second.read().text()).isEqualTo("for all");
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void aSlowReaderSlowsNobodyElse() throws Exception {
        byte[] body = new byte[3 << 20];
        CountDownLatch all = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(all);
            Answer.status(200, "text/html", body, "Cache-Control: max-age=60").play(wire);
        });
        try (RawClient slow = proxy.client();
                RawClient quick = proxy.client()) {
            slow.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            quick.get(PAGE);
            all.countDown();

            // the slow one has read nothing yet, and its socket is full
            assertThat(quick.read().bodyLength()).isEqualTo(body.length);
            assertThat(get().header("detour-source")).isEqualTo("cache");
            assertThat(slow.read().bodyLength()).isEqualTo(body.length);
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void thoseWhoWaitHearOfAnAnswerThatIsStillArriving() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        byte[] half = new byte[200_000];
        backend.answer(wire -> {
            wire.send("""
                    HTTP/1.1 200 OK
                    Content-Type: text/html
                    Cache-Control: max-age=60
                    ETag: "a"
                    Content-Length: 400000

                    """.replace("\n", "\r\n"));
            wire.send(half);
            awaitUninterrupted(seen);
            wire.send(half);
        });
        try (RawClient whole = proxy.client();
                RawClient has = proxy.client()) {
            whole.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            has.get(PAGE, "If-None-Match: \"a\"");

            assertThat(has.read().status()).isEqualTo(304);
            seen.countDown();
            assertThat(whole.read().bodyLength()).isEqualTo(400_000);
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void aBodyThatBreaksMidwayIsBrokenForThoseWhoHaveBegunAndNotKept() throws IOException {
        backend.answer(Answer.closeAfter(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: max-age=60\r\nContent-Length: 400000\r\n\r\n"
                        + "x".repeat(200_000)));

        assertThat(get().complete()).isFalse();
        assertThat(proxy.cache().statistics().entries()).isZero();
        Await.until(
                () -> proxy.backend().limit().inFlight() == 0,
                () -> proxy.backend().limit().inFlight() + " in progress");
    }

    @Test
    void whoeverWaitsForAFetchThatFailsGoesOnAtOnce() throws Exception {
        proxy.close();
        proxy = description().mirror(StubMirror.page()).start();
        CountDownLatch all = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(all);
            Answer.status(503).play(wire);
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            RawClient client = proxy.client();
            client.get(PAGE);
            clients.add(client);
        }
        backend.awaitHeads(1, Duration.ofSeconds(10));
        Await.until(
                () -> proxy.cache().statistics().collapsed() == 19,
                () -> proxy.cache().statistics().collapsed() + " wait");
        all.countDown();

        for (RawClient client : clients) {
            assertThat(client.read().header("detour-source")).isEqualTo("mirror");
            client.close();
        }
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void answersThatCannotBeSharedDoNotMakeClientsWaitForEachOther() throws Exception {
        backend.answer(page("private", "Cache-Control: private"));
        get();
        CountDownLatch held = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(held);
            page("private", "Cache-Control: private").play(wire);
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            RawClient client = proxy.client();
            client.get(PAGE);
            clients.add(client);
        }

        backend.awaitHeads(6, Duration.ofSeconds(10));

        held.countDown();
        for (RawClient client : clients) {
            assertThat(client.read().text()).isEqualTo("private");
            client.close();
        }
    }

    @Test
    void aBodyLongerThanIsKeptPassesThroughWhole() throws IOException {
        backend.answer(Answer.large(5 << 20));

        RawResponse response = proxy.get("/packages/big.whl");

        assertThat(response.bodyLength()).isEqualTo(5 << 20);
        assertThat(proxy.cache().statistics().entries()).isZero();
    }

    @Test
    void aLongBodyOfUnknownLengthPassesThroughWhole() throws IOException {
        String part = "x".repeat(1 << 20);
        backend.answer(Answer.chunked("text/html", part, part, part, part, part));

        RawResponse response = get();

        assertThat(response.bodyLength()).isEqualTo(5 << 20);
        assertThat(response.complete()).isTrue();
    }

    @Test
    void whatArrivesAtOnceIsBoundedAndTheRestPassesThrough() throws Exception {
        proxy.close();
        proxy = description()
                .cache(Caches.inMemory(1 << 20, 200_000, Duration.ofSeconds(10), false))
                .start();
        CountDownLatch held = new CountDownLatch(1);
        byte[] body = new byte[150_000];
        backend.answer(wire -> {
            wire.send("""
                    HTTP/1.1 200 OK
                    Content-Type: application/octet-stream
                    Cache-Control: max-age=60
                    Content-Length: 150000

                    """.replace("\n", "\r\n"));
            awaitUninterrupted(held);
            wire.send(body);
        });
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RawClient client = proxy.client();
            client.get("/packages/" + i);
            clients.add(client);
            backend.awaitHeads(i + 1, Duration.ofSeconds(10));
        }
        Await.until(() -> proxy.attempts("ok") == 3, () -> proxy.attempts("ok") + " pass through");
        held.countDown();

        for (RawClient client : clients) {
            assertThat(client.read().bodyLength()).isEqualTo(150_000);
            client.close();
        }
        assertThat(proxy.cache().statistics().entries()).isEqualTo(1);
    }

    @Test
    void aWriteSomewhereElseLeavesAFetchAlone() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        backend.answerBy(head -> wire -> {
            if (head.method().equals("GET")) {
                awaitUninterrupted(held);
            }
            fresh("one").play(wire);
        });
        try (RawClient client = proxy.client()) {
            client.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            proxy.request("POST", "/legacy/", "Content-Length: 0");
            held.countDown();
            client.read();
        }

        assertThat(get().header("detour-source")).isEqualTo("cache");
    }

    // ---- purging

    @Test
    void aSoftPurgeMakesStaleAndStillHelpsInAnOutage() throws IOException {
        backend.answer(page("one", "Cache-Control: max-age=600", "Surrogate-Key: project/x all-projects"));
        get();

        int purged = proxy.cache()
                .purge(new Purge(List.of(), List.of("project/x"), false, false))
                .inMemory();
        backend.answer(Answer.status(503));

        assertThat(purged).isEqualTo(1);
        RawResponse stale = get();
        assertThat(stale.header("detour-source")).isEqualTo("stale");
        assertThat(stale.header("surrogate-key")).isNull();
    }

    @Test
    void anAnswerThatStillHoldsCanStillBePurgedByItsKey() throws IOException {
        backend.answer(page("one", "Surrogate-Control: max-age=60", "Surrogate-Key: project/x", "ETag: \"one\""));
        get();
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\n\r\n"));
        clock.advance(Duration.ofSeconds(61));
        get();

        assertThat(get().header("detour-source")).isEqualTo("cache");
        assertThat(proxy.cache()
                        .purge(new Purge(List.of(), List.of("project/x"), false, false))
                        .inMemory())
                .isEqualTo(1);
    }

    @Test
    void aHardPurgeForgets() throws IOException {
        backend.answer(fresh("one"));
        get();

        proxy.cache().purge(new Purge(List.of(PAGE), List.of(), false, true));
        backend.answer(Answer.status(503));

        assertThat(get().status()).isEqualTo(503);
    }

    @Test
    void aPurgeOfOtherThingsLeavesAFetchInFlightAlone() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(held);
            page("mine", "Cache-Control: max-age=60", "Surrogate-Key: project/x")
                    .play(wire);
        });
        try (RawClient client = proxy.client()) {
            client.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            proxy.cache().purge(new Purge(List.of("/simple/y/"), List.of("project/y"), false, true));
            held.countDown();
            client.read();
        }

        assertThat(get().header("detour-source")).isEqualTo("cache");
    }

    @Test
    void aPurgeByKeyReachesAFetchInFlight() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(held);
            page("old", "Cache-Control: max-age=60", "Surrogate-Key: project/x").play(wire);
        });
        try (RawClient client = proxy.client()) {
            client.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            proxy.cache().purge(new Purge(List.of(), List.of("project/x"), false, false));
            held.countDown();
            client.read();
        }
        backend.answer(fresh("new"));

        assertThat(get().text()).isEqualTo("new");
    }

    @Test
    void afterAPurgeOfEverythingTheBackendIsAskedAtARateWhileOldCopiesStandIn() throws IOException {
        proxy.close();
        proxy = description()
                .cache(new CacheConfig(16 << 20, 1 << 20, Duration.ofSeconds(10), false, true, 10, null))
                .start();
        for (int i = 0; i < 30; i++) {
            backend.answer(fresh("old"));
            proxy.get("/simple/p" + i + '/');
        }
        clock.advance(Duration.ofMinutes(5));
        proxy.cache().purge(new Purge(List.of(), List.of(), true, false));
        backend.answer(fresh("new"));
        int before = backend.heads().size();

        List<String> sources = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            sources.add(proxy.get("/simple/p" + i + '/').header("detour-source"));
        }

        assertThat(backend.heads().size() - before).isEqualTo(2);
        assertThat(sources).filteredOn("stale"::equals).hasSize(28);
        assertThat(proxy.get("/simple/never-seen/").header("detour-source")).isEqualTo("backend");
        clock.advance(Duration.ofSeconds(1));
        assertThat(proxy.get("/simple/p29/").text()).isEqualTo("new");
    }

    @Test
    void whatWasFetchedSinceAPurgeOfEverythingIsNotPutOff() throws IOException {
        proxy.close();
        proxy = description()
                .cache(new CacheConfig(16 << 20, 1 << 20, Duration.ofSeconds(10), false, true, 10, null))
                .start();
        backend.answer(page("always asked for", "Cache-Control: max-age=0", "ETag: \"a\""));

        for (int i = 0; i < 20; i++) {
            assertThat(get().header("detour-source")).isEqualTo("backend");
        }
    }

    @Test
    void whatTheCacheMadeOfRequestsIsCounted() throws IOException {
        backend.answer(fresh("one"));
        get();
        get();
        backend.answer(Answer.raw("HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=60\r\n\r\n"));
        clock.advance(Duration.ofSeconds(61));
        get();
        backend.answer(Answer.status(503));
        clock.advance(Duration.ofSeconds(61));
        get();
        backend.answer(page("private", "Cache-Control: private"));
        proxy.get("/simple/y/");

        // counted when the exchange is over, which the client may see before
        Await.until(() -> proxy.cacheRequests("simple", "pass") == 1, () -> "the last one is not counted");
        assertThat(proxy.cacheRequests("simple", "miss")).isEqualTo(1);
        assertThat(proxy.cacheRequests("simple", "hit")).isEqualTo(1);
        assertThat(proxy.cacheRequests("simple", "revalidated")).isEqualTo(1);
        assertThat(proxy.cacheRequests("simple", "stale")).isEqualTo(1);
        assertThat(proxy.fills("simple", "stored")).isEqualTo(1);
        assertThat(proxy.fills("simple", "revalidated")).isEqualTo(1);
        assertThat(proxy.fills("simple", "passed")).isEqualTo(1);
        assertThat(proxy.fills("simple", "failed")).isEqualTo(1);
    }

    @Test
    void whatWasAskedForBeforeAPurgeIsNotKeptAfterIt() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        backend.answer(wire -> {
            awaitUninterrupted(held);
            fresh("old").play(wire);
        });
        try (RawClient client = proxy.client()) {
            client.get(PAGE);
            backend.awaitHeads(1, Duration.ofSeconds(10));
            proxy.cache().purge(new Purge(List.of(), List.of(), true, false));
            held.countDown();
            assertThat(client.read().text()).isEqualTo("old");
        }
        backend.answer(fresh("new"));

        assertThat(get().text()).isEqualTo("new");
    }

    // ---- poisoning

    @Test
    void nobodyChangesAnotherUsersAnswerByHeadersThatAreNotPartOfTheAddress() throws IOException {
        backend.answerBy(head -> fresh(head.header("x-http-method-override")
                + head.header("x-original-url")
                + head.header("cookie")
                + head.header("x-forwarded-host")));
        RawResponse poisoned = proxy.get(
                PAGE,
                "X-HTTP-Method-Override: DELETE",
                "X-Original-URL: /simple/evil/",
                "Cookie: admin=1",
                "X-Forwarded-Host: evil.example");

        assertThat(poisoned.text())
                .doesNotContain("evil")
                .doesNotContain("admin")
                .doesNotContain("DELETE");
        assertThat(get().text()).isEqualTo(poisoned.text());
    }

    @Test
    void whatABackendWithoutJsonGivesToPipIsKeptForPip() throws IOException {
        backend.answer(page("html", "Cache-Control: max-age=60"));
        String pip =
                "Accept: application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";

        get(pip);
        RawResponse again = get(pip);

        assertThat(again.header("detour-source")).isEqualTo("cache");
        assertThat(again.text()).isEqualTo("html");
    }

    @Test
    void whoCanReadNothingButJsonIsNotGivenTheHtmlKeptForPip() throws IOException {
        backend.answer(page("html", "Cache-Control: max-age=60"));
        String pip = "Accept: application/vnd.pypi.simple.v1+json, text/html; q=0.01";
        get(pip);
        backend.answer(Answer.status(406));

        assertThat(get("Accept: application/vnd.pypi.simple.v1+json").status()).isEqualTo(406);
        assertThat(proxy.get(PAGE + "?format=application/vnd.pypi.simple.v1%2Bjson", "Accept: text/html")
                        .status())
                .isEqualTo(406);
        assertThat(get(pip).header("detour-source")).isEqualTo("cache");
    }

    @Test
    void aGetWithABodyIsKeptForNobody() throws IOException {
        backend.answerBy(head -> fresh("for " + head.header("content-length")));
        try (RawClient client = proxy.client()) {
            client.send("GET /simple/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nevil");
            assertThat(client.read().text()).isEqualTo("for 4");
        }

        assertThat(get().text()).isEqualTo("for null");
    }

    @Test
    void theHostOfATargetInAbsoluteFormIsTheOneThatCounts() throws IOException {
        backend.answerBy(head -> fresh(String.valueOf(head.header("host"))));
        try (RawClient client = proxy.client()) {
            client.send("GET http://evil.example/simple/x/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
            client.read();
        }

        assertThat(get().text()).doesNotContain("evil");
    }

    @Test
    void hostsAreKeptApart() throws IOException {
        backend.answerBy(head -> fresh(String.valueOf(head.header("host"))));
        try (RawClient client = proxy.client()) {
            client.send("GET /simple/x/ HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("evil.example");
        }

        assertThat(get().text()).doesNotContain("evil");
    }

    @Test
    void encodedSlashesAreNotSlashes() throws IOException {
        backend.answerBy(head -> fresh(head.target()));
        proxy.get("/project/x%2f..");

        assertThat(proxy.get("/project/").text()).isEqualTo("/project/");
    }

    @Test
    void waitersWhomTheBackendTellsApartDoNotGetEachOthersAnswers() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        backend.answerBy(head -> wire -> {
            awaitUninterrupted(held);
            page("for " + head.header("user-agent"), "Cache-Control: max-age=60", "Vary: User-Agent")
                    .play(wire);
        });
        try (RawClient one = proxy.client();
                RawClient two = proxy.client()) {
            one.get(PAGE, "User-Agent: one");
            backend.awaitHeads(1, Duration.ofSeconds(10));
            two.get(PAGE, "User-Agent: two");
            Await.throughout(Duration.ofMillis(100), () -> true);
            held.countDown();

            assertThat(one.read().text()).isEqualTo("for one");
            assertThat(two.read().text()).isEqualTo("for two");
        }
    }

    @Test
    void whoLogsInIsNobodyElse() throws IOException {
        backend.answerBy(head -> fresh(String.valueOf(head.header("authorization"))));
        get("Authorization: Basic c2VjcmV0");

        assertThat(get().text()).isEqualTo("null");
    }
}
