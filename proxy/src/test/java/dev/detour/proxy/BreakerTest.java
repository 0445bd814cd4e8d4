package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When traffic leaves a backend and when it comes back. */
class BreakerTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(new BackendConfig.Breaker(4, 4, 0.5, Duration.ofSeconds(4), 0.8, OPEN_FOR, 1))
                .routeOfErrorPages("/_force-status/{status}/")
                .mirror(StubMirror.page())
                .clock(clock)
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    private void open() throws IOException {
        backend.answer(Answer.status(500));
        for (int i = 0; i < 4; i++) {
            proxy.get("/simple/x/");
        }
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.OPEN);
        backend.forget();
        backend.answer(Answer.ok("healed"));
    }

    @Test
    void fewFailuresDivertOnlyTheirOwnRequests() throws IOException {
        backend.answerNext(Answer.status(500), Answer.status(502));

        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("backend");
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void anOpenBreakerDivertsWithoutTouchingTheBackend() throws IOException {
        open();

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: spared");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(backend.heads()).isEmpty();
        assertThat(proxy.accessLine("id=spared")).contains("source=mirror reason=breaker_open");
    }

    @Test
    void anOpenBreakerRefusesUploadsAndNothingWasStored() throws IOException {
        open();

        RawResponse response = proxy.request("POST", "/legacy/", "Content-Length: 0");

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.text()).contains("nothing was stored");
        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void trafficReturnsAfterOneGoodTrial() throws IOException {
        open();
        clock.advance(OPEN_FOR.plusMillis(1));

        RawResponse trial = proxy.get("/simple/x/");
        RawResponse next = proxy.get("/simple/x/");

        assertThat(trial.text()).isEqualTo("healed");
        assertThat(next.text()).isEqualTo("healed");
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aBadTrialIsDivertedAndOpensItAgain() throws IOException {
        open();
        backend.answer(Answer.status(503));
        clock.advance(OPEN_FOR.plusMillis(1));

        RawResponse trial = proxy.get("/simple/x/");
        proxy.get("/simple/x/");

        assertThat(trial.header("detour-source")).isEqualTo("mirror");
        assertThat(backend.heads()).hasSize(1);
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void notBeforeItsTime() throws IOException {
        open();
        clock.advance(OPEN_FOR.minusMillis(1));

        proxy.get("/simple/x/");

        assertThat(backend.heads()).isEmpty();
    }

    @Test
    void clientsThatLeaveAreNoFailuresOfTheBackend() throws IOException {
        backend.answer(
                Answer.hangAfter("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\nbegun"));
        for (int i = 0; i < 8; i++) {
            try (RawClient client = proxy.client()) {
                client.get("/simple/x/", "X-Request-Id: gone-" + i);
                backend.awaitHeads(i + 1, Await.PATIENCE);
                client.reset();
            }
            assertThat(proxy.accessLine("id=gone-" + i)).contains("aborted=true");
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(proxy.backend().breaker().lastFailure()).isNull();
        backend.awaitOpenConnections(0, Await.PATIENCE);
    }

    @Test
    void clientsThatLeaveBeforeTheAnswerAreNoFailuresEither() throws IOException {
        backend.answer(Answer.hang());
        for (int i = 0; i < 8; i++) {
            try (RawClient client = proxy.client()) {
                client.get("/simple/x/", "X-Request-Id: gone-" + i);
                backend.awaitHeads(i + 1, Await.PATIENCE);
                client.reset();
            }
            assertThat(proxy.accessLine("id=gone-" + i)).contains("aborted=true");
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
        backend.answer(Answer.ok("fine"));
        assertThat(proxy.get("/simple/x/").text()).isEqualTo("fine");
    }

    @Test
    void aTrialWhoseClientLeavesIsLentAgain() throws IOException {
        open();
        clock.advance(OPEN_FOR.plusMillis(1));
        backend.answerNext(Answer.hang());
        try (RawClient client = proxy.client()) {
            client.get("/simple/x/", "X-Request-Id: gone");
            backend.awaitHeads(1, Await.PATIENCE);
            client.reset();
        }
        proxy.accessLine("id=gone");

        assertThat(proxy.get("/simple/x/").text()).isEqualTo("healed");
    }

    @Test
    void bodiesThatBreakAfterTheirHeadCountAsFailures() throws IOException {
        // more than is held
        backend.answer(Answer.truncatedChunked("x".repeat(100_000)));
        // each counts twice: as answered, and as broken
        for (int i = 0; i < 2; i++) {
            assertThat(proxy.get("/simple/x/").complete()).isFalse();
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void errorPagesShownOnPurposeArePassedOnAndSayNothing() throws IOException {
        backend.answer(Answer.status(503));
        for (int i = 0; i < 6; i++) {
            RawResponse page = proxy.get("/_force-status/503/");

            assertThat(page.status()).isEqualTo(503);
            assertThat(page.header("detour-source")).isEqualTo("backend");
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(proxy.backend().limit().inFlight()).isZero();
    }

    @Test
    void errorPagesShownOnPurposeAreNoGoodTrialEither() throws IOException {
        open();
        backend.answer(Answer.status(503));
        clock.advance(OPEN_FOR.plusMillis(1));

        proxy.get("/_force-status/503/");

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.HALF_OPEN);
    }

    @Test
    void brokenStatusesOfWritesCountAsFailures() throws IOException {
        backend.answer(Answer.status(500));
        for (int i = 0; i < 4; i++) {
            proxy.request("POST", "/legacy/", "Content-Length: 0");
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.OPEN);
    }
}
