package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.breaker.BreakerState;
import dev.detour.mirror.MirrorAnswer;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A backend that has just come back gets its reads little by little, as long as somebody else can answer the rest. */
class RampTest {
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    /** So many that some are meant for the mirror, at nine in ten. */
    private static final int READS = 8;

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private final CountDownLatch hung = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        hung.countDown();
        proxy.close();
        backend.close();
    }

    /** A breaker that a trial has just closed. */
    private void justBack(StubMirror mirror) throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(new BackendConfig.Breaker(
                        1, 1, 0.5, Duration.ofSeconds(4), 1, OPEN_FOR, 1, Duration.ofMinutes(10)))
                .mirror(mirror)
                .clock(clock)
                .start();
        backend.answerNext(Answer.status(500));
        proxy.request("POST", "/legacy/", "Content-Length: 0");
        clock.advance(OPEN_FOR.plusMillis(1));
        proxy.request("POST", "/legacy/", "Content-Length: 0");
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(proxy.backend().breaker().share()).isLessThan(0.2);
    }

    private List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (int i = 0; i < READS; i++) {
            sources.add(String.valueOf(proxy.get("/simple/x/").header("detour-source")));
        }
        return sources;
    }

    @Test
    void mostReadsAreAnsweredByTheMirrorAtFirst() throws IOException {
        justBack(StubMirror.page());

        assertThat(sources()).contains("mirror");
    }

    @Test
    void whereTheMirrorsFileCannotBeReadTheBackendAnswers() throws IOException {
        justBack(StubMirror.of(request -> StubMirror.part(200, Path.of("there", "is", "no", "such", "file"), 0, 10)));

        assertThat(sources()).containsOnly("backend");
    }

    @Test
    void whatTheMirrorLacksTheBackendAnswers() throws IOException {
        justBack(StubMirror.absent());

        assertThat(sources()).containsOnly("backend");
    }

    @Test
    void aMirrorThatHangsIsNotWaitedFor() throws IOException {
        justBack(StubMirror.of(request -> {
            try {
                hung.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new MirrorAnswer.Unavailable("hung");
        }));
        long start = System.nanoTime();

        assertThat(sources()).containsOnly("backend");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
}
