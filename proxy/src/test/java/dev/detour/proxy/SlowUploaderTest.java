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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that take their time to send a body: that is neither the backend's fault nor anybody else's problem. */
class SlowUploaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SLOW_CALL = Duration.ofSeconds(4);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private final List<RawClient> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        backend.close();
    }

    /** An upload of which the backend has the head and the first byte. */
    private RawClient begun(int heads) throws IOException {
        RawClient client = offered();
        backend.awaitHeads(heads, PATIENCE);
        return client;
    }

    private RawClient offered() throws IOException {
        RawClient client = proxy.client();
        clients.add(client);
        return client.send("POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nh");
    }

    private static BackendConfig.Breaker breaker(int calls, double slowRate) {
        return new BackendConfig.Breaker(calls, calls, 0.5, SLOW_CALL, slowRate, OPEN_FOR, 1);
    }

    private static BackendConfig.Overload limits(int connections, int limit) {
        return new BackendConfig.Overload(connections, false, limit, limit, 0, PATIENCE, 0, 0);
    }

    @Test
    void areNoSlowCallsOfTheBackend() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(breaker(2, 0.5))
                .clock(clock)
                .start();

        for (int i = 1; i <= 4; i++) {
            RawClient upload = begun(i);
            clock.advance(SLOW_CALL.plusSeconds(1));
            assertThat(upload.send("ello").read().status()).isEqualTo(200);
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void doNotHideABackendThatIsSlowItself() throws IOException {
        backend.answer(wire -> {
            clock.advance(SLOW_CALL.plusSeconds(1));
            Answer.ok("stored").play(wire);
        });
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(breaker(2, 0.5))
                .clock(clock)
                .start();

        for (int i = 1; i <= 2; i++) {
            begun(i).send("ello").read();
        }

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void holdATrialNoLongerThanASlowCallLasts() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(breaker(1, 1))
                .mirror(StubMirror.page())
                .clock(clock)
                .start();
        backend.answerNext(Answer.status(500));
        proxy.get("/simple/x/");
        clock.advance(OPEN_FOR.plusMillis(1));
        RawClient upload = begun(2);
        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("mirror");

        clock.advance(SLOW_CALL);

        Await.until(() -> sourceOf("/simple/x/").equals("backend"), () -> "the trial is still held");
        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
        assertThat(upload.send("ello").read().status()).isEqualTo(200);
    }

    private String sourceOf(String target) {
        try {
            return String.valueOf(proxy.get(target).header("detour-source"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bringTrafficBackWhereThereAreOnlyUploads() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .breaker(breaker(1, 1))
                .clock(clock)
                .start();
        backend.answerNext(Answer.status(500));
        begun(1).send("ello").read();
        clock.advance(OPEN_FOR.plusMillis(1));

        begun(2).send("ello").read();

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void keepNobodyOutOfTheLimit() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).overload(limits(100, 2)).start();
        for (int i = 1; i <= 6; i++) {
            begun(i);
        }

        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("backend");
    }

    @Test
    void takeAtMostHalfOfTheConnections() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).overload(limits(4, 100)).start();
        begun(1);
        begun(2);

        RawResponse third = offered().send("ello").read();

        assertThat(third.status()).isEqualTo(403);
        assertThat(third.text()).contains("nothing was stored");
        assertThat(proxy.get("/simple/x/").header("detour-source")).isEqualTo("backend");
    }

    @Test
    void makeRoomForTheNextWhenTheyAreDone() throws IOException {
        proxy = RunningProxy.with().endpoints(backend).overload(limits(2, 100)).start();
        for (int i = 1; i <= 4; i++) {
            assertThat(begun(i).send("ello").read().status()).isEqualTo(200);
        }
        RawClient gone = begun(5);
        gone.reset();
        Await.until(
                () -> proxy.backend().status().endpoints().get(0).inUse() == 0,
                () -> "the client's end was not noticed");

        assertThat(begun(6).send("ello").read().status()).isEqualTo(200);
    }

    @Test
    void countAsWorkOnceAllIsSent() throws IOException {
        backend.answer(Answer.hang());
        proxy = RunningProxy.with().endpoints(backend).overload(limits(100, 1)).start();
        begun(1).send("ello");
        Await.until(() -> proxy.backend().limit().inFlight() == 1, () -> "no work in progress");

        assertThat(proxy.get("/simple/x/").status()).isEqualTo(503);
    }

    @Test
    void areSentAwayFromAnOverloadedBackend() throws IOException {
        backend.answer(Answer.hang());
        proxy = RunningProxy.with().endpoints(backend).overload(limits(100, 1)).start();
        RawClient reader = proxy.client();
        clients.add(reader);
        reader.get("/simple/x/");
        backend.awaitHeads(1, PATIENCE);

        assertThat(offered().send("ello").read().status()).isEqualTo(403);
    }
}
