package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A backend that is too slow for those who wait, and the limits of their patience. */
class DivertAfterTest {
    private static final Duration SOON = Duration.ofMillis(60);

    private final FakeBackend backend = FakeBackend.clear();
    private final StubMirror unreadable =
            StubMirror.of(request -> StubMirror.part(200, Path.of("there", "is", "no", "such", "file"), 0, 10));
    private final CountDownLatch held = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        held.countDown();
        if (proxy != null) {
            proxy.close();
        }
        backend.close();
    }

    private ProxyDescription description() {
        return RunningProxy.with().endpoints(backend).mirror(StubMirror.page());
    }

    private void awaitOpenBreaker() {
        Await.until(
                () -> proxy.backend().breaker().state() == BreakerState.OPEN,
                () -> "the breaker is " + proxy.backend().breaker().state());
    }

    private void awaitNothingInProgress() {
        Await.until(
                () -> proxy.backend().limit().inFlight() == 0,
                () -> proxy.backend().limit().inFlight() + " in progress");
    }

    /** An answer that comes when the test lets it. */
    private Answer whenReleased(Answer answer) {
        return wire -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            answer.play(wire);
        };
    }

    @Test
    void aReadThatWaitsTooLongIsAnsweredByTheMirror() throws IOException {
        backend.answer(whenReleased(Answer.ok("late")));
        proxy = description().divertAfter(SOON).start();

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: waited");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=waited")).contains("source=mirror reason=divert_after");
    }

    @Test
    void theLateAnswerStillCountsAsTheBackendsSuccess() throws IOException {
        backend.answer(whenReleased(Answer.ok("late")));
        proxy = description().divertAfter(SOON).start();
        proxy.get("/simple/x/");

        held.countDown();

        Await.until(() -> proxy.attempts("ok") == 1, () -> "no attempt counted");
        awaitNothingInProgress();
    }

    @Test
    void lateFailuresStillOpenTheBreaker() throws IOException {
        backend.answer(whenReleased(Answer.status(503)));
        proxy = description()
                .divertAfter(SOON)
                .breaker(new BackendConfig.Breaker(1, 1, 0.5, Duration.ofSeconds(9), 1, Duration.ofSeconds(60), 1))
                .start();
        proxy.get("/simple/x/");

        held.countDown();

        awaitOpenBreaker();
    }

    @Test
    void slowAnswersThatNobodyWaitedForOpenTheBreakerToo() throws IOException {
        backend.answer(whenReleased(Answer.ok("late")));
        proxy = description()
                .divertAfter(SOON)
                .breaker(new BackendConfig.Breaker(1, 1, 0.5, Duration.ofMillis(10), 0.5, Duration.ofSeconds(60), 1))
                .start();
        proxy.get("/simple/x/");

        held.countDown();

        awaitOpenBreaker();
    }

    @Test
    void whoeverTheMirrorCannotHelpGoesOnWaiting() throws IOException {
        backend.answer(whenReleased(Answer.ok("late but true")));
        proxy = RunningProxy.with()
                .endpoints(backend)
                .mirror(StubMirror.of(request -> {
                    held.countDown();
                    return new MirrorAnswer.Unavailable("not copied");
                }))
                .divertAfter(SOON)
                .start();

        RawResponse response = proxy.get("/simple/x/");

        assertThat(response.header("detour-source")).isEqualTo("backend");
        assertThat(response.text()).isEqualTo("late but true");
    }

    @Test
    void aNameThatTheMirrorDoesNotKnowIsLeftToTheBackend() throws IOException {
        backend.answer(whenReleased(Answer.ok("a new project")));
        proxy = RunningProxy.with()
                .endpoints(backend)
                .mirror(StubMirror.of(request -> {
                    held.countDown();
                    return new MirrorAnswer.Absent("not in the list");
                }))
                .divertAfter(SOON)
                .start();

        assertThat(proxy.get("/simple/new/").text()).isEqualTo("a new project");
    }

    @Test
    void anAnswerInTimeIsTheBackends() throws IOException {
        backend.answer(Answer.ok("quick"));
        proxy = description().divertAfter(Duration.ofSeconds(30)).start();

        assertThat(proxy.get("/simple/x/").text()).isEqualTo("quick");
    }

    @Test
    void anAnswerWhoseBodyDawdlesIsReplacedToo() throws IOException {
        backend.answer(begunThen(Answer.raw("tardy")));
        proxy = description().divertAfter(SOON).start();

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: body");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=body")).contains("source=mirror reason=divert_after");
    }

    @Test
    void aBodyThatComesToItsEndLateStillCountsAsTheBackendsSuccess() throws IOException {
        backend.answer(begunThen(Answer.raw("tardy")));
        proxy = description().divertAfter(SOON).start();
        proxy.get("/simple/x/");

        held.countDown();

        Await.until(() -> proxy.attempts("ok") == 1, () -> "no attempt counted");
        awaitNothingInProgress();
    }

    @Test
    void aBodyThatBreaksLateStillCountsAsTheBackendsFailure() throws IOException {
        backend.answer(begunThen(Answer.resetBeforeHead()));
        proxy = description()
                .divertAfter(SOON)
                .breaker(new BackendConfig.Breaker(1, 1, 0.5, Duration.ofSeconds(9), 1, Duration.ofSeconds(60), 1))
                .start();
        proxy.get("/simple/x/");

        held.countDown();

        awaitOpenBreaker();
    }

    @Test
    void aBodyThatDripsForEverIsGivenUpAndWasAFailure() throws IOException {
        backend.answer(Answer.drip(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 60000\r\n\r\n" + "x".repeat(60_000),
                100,
                Duration.ofMillis(20)));
        proxy = description()
                .divertAfter(SOON)
                .firstByte(Duration.ofMillis(300))
                .breaker(new BackendConfig.Breaker(1, 1, 0.5, Duration.ofSeconds(60), 1, Duration.ofSeconds(60), 1))
                .start();

        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");

        awaitOpenBreaker();
        awaitNothingInProgress();
    }

    /** An answer whose head and first bytes come at once. */
    private Answer begunThen(Answer rest) {
        Answer end = whenReleased(rest);
        return wire -> {
            Answer.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\nbegun")
                    .play(wire);
            end.play(wire);
        };
    }

    @Test
    void aMirrorFileThatCannotBeReadIsNoReasonToLeaveTheBackend() throws IOException {
        backend.answer(whenReleased(Answer.ok("late but true")));
        proxy = RunningProxy.with()
                .endpoints(backend)
                .mirror(unreadable)
                .divertAfter(SOON)
                .start();
        try (RawClient client = proxy.client()) {
            client.get("/simple/x/");
            Await.until(() -> !unreadable.asked().isEmpty(), () -> "the mirror was not asked");
            Await.throughout(SOON.multipliedBy(3), () -> true);

            held.countDown();

            RawResponse response = client.read();
            assertThat(response.header("detour-source")).isEqualTo("backend");
            assertThat(response.text()).isEqualTo("late but true");
        }
    }

    @Test
    void writesAreNeverAnsweredByAnyoneElse() throws IOException {
        backend.answer(whenReleased(Answer.ok("stored")));
        proxy = description().divertAfter(SOON).deadline(SOON).start();
        CompletableFuture<Void> patient = CompletableFuture.runAsync(() -> {
            backend.awaitHeads(1, Duration.ofSeconds(10));
            Await.throughout(SOON.multipliedBy(3), () -> true);
            held.countDown();
        });

        RawResponse response = proxy.request("POST", "/legacy/", "Content-Length: 0");

        assertThat(response.text()).isEqualTo("stored");
        assertThat(backend.requests("POST")).hasSize(1);
        assertThat(patient).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void theDeadlineEndsAllAttemptsTogether() throws IOException {
        backend.answer(whenReleased(Answer.ok("too late")));
        proxy = description().deadline(SOON).start();

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: patience");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=patience")).contains("reason=deadline");
        assertThat(proxy.attempts("deadline")).isEqualTo(1);
    }

    @Test
    void aDeadlineWithoutAMirrorIsARefusal() throws IOException {
        backend.answer(whenReleased(Answer.ok("too late")));
        proxy = RunningProxy.with().endpoints(backend).deadline(SOON).start();

        assertThat(proxy.get("/simple/x/").status()).isEqualTo(503);
    }
}
