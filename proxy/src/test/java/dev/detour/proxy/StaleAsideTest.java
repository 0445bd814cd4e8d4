package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.config.CacheConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.mirror.MirrorResource;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the cache has kept comes before the mirror also where the backend is not given up: it is only slow, or just back. */
class StaleAsideTest {
    private static final CacheConfig CACHE = Caches.inMemory(16 << 20, 4 << 20, Duration.ofSeconds(10), false);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);
    private static final String PAGE = "/simple/x/";

    private final FakeBackend backend = FakeBackend.clear();
    private final CountDownLatch held = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        held.countDown();
        proxy.close();
        backend.close();
    }

    private ProxyDescription description() {
        return RunningProxy.with().endpoints(backend).cache(CACHE);
    }

    /** As old as it may be when it comes. */
    private static Answer outdated(String text) {
        return Answer.status(
                200, "text/html", text.getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=60", "Age: 60");
    }

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

    /** A page is kept, and its renewal is slow. */
    private void slowSince(ProxyDescription description) throws IOException {
        proxy = description.divertAfter(Duration.ofMillis(60)).start();
        backend.answer(outdated("kept"));
        proxy.get(PAGE);
        backend.answer(whenReleased(
                Answer.status(200, "text/html", "late".getBytes(StandardCharsets.UTF_8), "Cache-Control: max-age=60")));
    }

    @Test
    void aReadThatWaitsTooLongIsAnsweredByWhatWasKeptAndNotByTheMirror() throws IOException {
        slowSince(description().mirror(StubMirror.page()));

        RawResponse response = proxy.get(PAGE, "X-Request-Id: waited");

        assertThat(response.header("detour-source")).isEqualTo("stale");
        assertThat(response.text()).isEqualTo("kept");
        assertThat(proxy.accessLine("id=waited")).contains("source=stale reason=divert_after");
    }

    @Test
    void whatWasKeptAgainThoughATombstoneWithholdsItDoesNotStandIn() throws IOException {
        StubMirror mirror = StubMirror.absent();
        proxy = description().mirror(mirror).start();
        backend.answer(outdated("kept"));
        proxy.get(PAGE);
        mirror.withhold(resource -> resource.equals(new MirrorResource.SimpleProject("x")));
        backend.answer(Answer.status(503, "text/plain", new byte[0]));

        RawResponse response = proxy.get(PAGE);

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.header("detour-source")).isEqualTo("refusal");
    }

    @Test
    void whereThereIsNoMirrorWhatWasKeptIsStillThere() throws IOException {
        slowSince(description());

        assertThat(proxy.get(PAGE).header("detour-source")).isEqualTo("stale");
        assertThat(proxy.request("HEAD", PAGE).header("detour-source")).isEqualTo("stale");
    }

    @Test
    void theLateAnswerCountsAndIsKept() throws IOException {
        slowSince(description());
        proxy.get(PAGE);

        held.countDown();

        Await.until(() -> proxy.attempts("ok") == 2, () -> proxy.attempts("ok") + " attempts counted");
        Await.until(
                () -> proxy.backend().limit().inFlight() == 0,
                () -> proxy.backend().limit().inFlight() + " in progress");
        RawResponse later = proxy.get(PAGE);
        assertThat(later.text()).isEqualTo("late");
        assertThat(later.header("detour-source")).isEqualTo("cache");
    }

    @Test
    void aBackendThatIsJustBackIsSparedByWhatWasKeptAndNotByTheMirror() throws IOException {
        justBack(description().mirror(StubMirror.page()));

        assertThat(sources()).contains("stale").doesNotContain("mirror");
    }

    @Test
    void aBackendThatIsJustBackIsSparedWhereThereIsNoMirror() throws IOException {
        justBack(description());

        assertThat(sources()).contains("stale");
    }

    /** A page was kept before the breaker opened, and a trial has just closed it. */
    private void justBack(ProxyDescription description) throws IOException {
        ManualClock clock = ManualClock.create();
        proxy = description
                .clock(clock)
                .breaker(new BackendConfig.Breaker(
                        1, 1, 0.5, Duration.ofSeconds(4), 1, OPEN_FOR, 1, Duration.ofMinutes(10)))
                .start();
        backend.answer(outdated("kept"));
        proxy.get(PAGE);
        backend.answerNext(Answer.status(500));
        proxy.request("POST", "/legacy/", "Content-Length: 0");
        clock.advance(OPEN_FOR.plusMillis(1));
        proxy.request("POST", "/legacy/", "Content-Length: 0");
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    /** Of so many reads that some are meant to spare the backend, at nine in ten. */
    private List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sources.add(String.valueOf(proxy.get(PAGE).header("detour-source")));
        }
        return sources;
    }
}
