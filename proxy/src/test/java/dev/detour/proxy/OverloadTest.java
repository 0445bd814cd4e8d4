package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** More requests than a backend can take: who waits, who is turned away, and what they get. */
class OverloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeBackend backend = FakeBackend.clear();
    private final Semaphore answers = new Semaphore(0);
    private final List<RawClient> clients = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        answers.release(1_000);
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        backend.close();
    }

    private ProxyDescription limited(int limit, int connections, int queue, Duration queueTime) {
        backend.answer(wire -> {
            answers.acquireUninterruptibly();
            Answer.ok("done").play(wire);
        });
        return RunningProxy.with()
                .endpoints(backend)
                .overload(new BackendConfig.Overload(connections, false, limit, limit, queue, queueTime, 0, 0));
    }

    private RawClient sent(String target) throws IOException {
        RawClient client = proxy.client();
        clients.add(client);
        client.get(target);
        return client;
    }

    private RawClient inProgress(String target, int heads) throws IOException {
        RawClient client = sent(target);
        backend.awaitHeads(heads, PATIENCE);
        return client;
    }

    private void awaitQueued(int count) {
        Await.until(
                () -> proxy.backend().queued().get() == count,
                () -> proxy.backend().queued().get() + " wait");
    }

    @Test
    void whatExceedsTheLimitWaitsAndIsServedWhenThereIsRoom() throws IOException {
        proxy = limited(1, 100, 10, PATIENCE).start();
        RawClient first = inProgress("/simple/a/", 1);
        RawClient second = sent("/simple/b/");
        awaitQueued(1);

        answers.release(2);

        assertThat(first.read().text()).isEqualTo("done");
        assertThat(second.read().text()).isEqualTo("done");
        assertThat(proxy.backend().queued().get()).isZero();
        assertThat(proxy.backend().limit().inFlight()).isZero();
    }

    @Test
    void anEndpointTakesNoMoreRequestsThanItsConnections() throws IOException {
        proxy = limited(100, 1, 10, PATIENCE).start();
        RawClient first = inProgress("/simple/a/", 1);
        RawClient second = sent("/simple/b/");
        awaitQueued(1);

        assertThat(backend.heads()).hasSize(1);
        answers.release(2);

        assertThat(first.read().text()).isEqualTo("done");
        assertThat(second.read().text()).isEqualTo("done");
    }

    @Test
    void whoHasWaitedTooLongIsAnsweredByTheMirror() throws IOException {
        proxy = limited(1, 100, 10, Duration.ofMillis(50))
                .mirror(StubMirror.page())
                .start();
        inProgress("/simple/a/", 1);

        RawResponse shed = proxy.get("/simple/b/", "X-Request-Id: shed");

        assertThat(shed.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=shed")).contains("reason=overload");
    }

    @Test
    void whoFindsTheQueueFullIsToldSoAtOnce() throws IOException {
        proxy = limited(1, 100, 0, PATIENCE).start();
        inProgress("/simple/a/", 1);

        RawResponse refused = proxy.get("/simple/b/");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("retry-after")).isNotNull();
        assertThat(refused.text()).contains("overloaded");
    }

    @Test
    void beingTurnedAwayIsNoVerdictOnTheBackend() throws IOException {
        proxy = limited(1, 100, 0, PATIENCE)
                .breaker(new BackendConfig.Breaker(2, 1, 0.1, Duration.ofSeconds(60), 1, Duration.ofSeconds(60), 1))
                .start();
        inProgress("/simple/a/", 1);

        for (int i = 0; i < 5; i++) {
            assertThat(proxy.get("/simple/b/").text()).contains("overloaded");
        }
    }

    @Test
    void pagesForPeopleAreTurnedAwayBeforeDataAndDataBeforePackages() throws IOException {
        proxy = limited(10, 100, 0, PATIENCE).start();
        for (int i = 1; i <= 7; i++) {
            inProgress("/simple/a/", i);
        }

        assertThat(proxy.get("/project/x/").status()).isEqualTo(503);
        inProgress("/pypi/x/json", 8);
        inProgress("/simple/b/", 9);
        assertThat(proxy.get("/pypi/x/json").status()).isEqualTo(503);
        inProgress("/simple/c/", 10);
        assertThat(proxy.get("/simple/d/").status()).isEqualTo(503);
    }

    @Test
    void whatIsNotClassifiedIsNeverTurnedAway() throws IOException {
        proxy = limited(1, 100, 0, PATIENCE).start();
        inProgress("/simple/a/", 1);

        RawClient health = inProgress("/_health/", 2);
        answers.release(2);

        assertThat(health.read().status()).isEqualTo(200);
    }

    @Test
    void whatIsNotClassifiedIsServedWhereEveryConnectionIsInUse() throws IOException {
        proxy = limited(100, 1, 0, PATIENCE).start();
        inProgress("/simple/a/", 1);

        RawClient health = inProgress("/_health/", 2);
        answers.release(2);

        assertThat(health.read().status()).isEqualTo(200);
    }

    @Test
    void whatIsNotClassifiedFindsOneOfSeveralEndpointsThatAreAllInUse() throws IOException {
        try (FakeBackend other = FakeBackend.clear().answer(Answer.hang())) {
            proxy = limited(100, 1, 0, PATIENCE).endpoints(other).start();
            sent("/simple/a/");
            sent("/simple/b/");
            backend.awaitHeads(1, PATIENCE);
            other.awaitHeads(1, PATIENCE);

            sent("/_health/");

            Await.until(() -> backend.heads().size() + other.heads().size() == 3, () -> "nobody was asked");
        }
    }

    @Test
    void whatABusyBackendMayHaveIsNotSaidToBeMissing() throws IOException {
        proxy = limited(1, 100, 0, PATIENCE).mirror(StubMirror.absent()).start();
        inProgress("/simple/a/", 1);

        RawResponse refused = proxy.get("/simple/new-today/");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.text()).contains("overloaded");
    }

    @Test
    void waitingForAnEndpointCostsNoWork() throws IOException {
        proxy = limited(100, 1, 10, PATIENCE).start();
        inProgress("/simple/a/", 1);
        sent("/simple/b/");
        awaitQueued(1);
        long before = LoopTime.cpuNanos();

        Await.throughout(Duration.ofMillis(300), () -> proxy.backend().queued().get() == 1);

        assertThat(Duration.ofNanos(LoopTime.cpuNanos() - before)).isLessThan(Duration.ofMillis(150));
    }

    @Test
    void whatIsNotClassifiedDoesNotQueueBehindOthers() throws IOException {
        proxy = limited(1, 100, 10, PATIENCE).start();
        inProgress("/simple/a/", 1);
        sent("/simple/b/");
        awaitQueued(1);

        inProgress("/_health/", 2);

        assertThat(backend.heads().get(1).target()).isEqualTo("/_health/");
    }

    @Test
    void packagesAreServedBeforePagesThatCameEarlier() throws IOException {
        proxy = limited(1, 100, 10, PATIENCE).start();
        inProgress("/simple/a/", 1);
        sent("/project/x/");
        awaitQueued(1);
        sent("/simple/b/");
        awaitQueued(2);

        answers.release(1);
        backend.awaitHeads(2, PATIENCE);

        assertThat(backend.heads().get(1).target()).isEqualTo("/simple/b/");
    }

    @Test
    void aClientThatLeavesTheQueueIsForgotten() throws IOException {
        proxy = limited(1, 100, 10, PATIENCE).start();
        inProgress("/simple/a/", 1);
        RawClient impatient = sent("/simple/b/");
        awaitQueued(1);

        impatient.close();

        awaitQueued(0);
        answers.release(1);
        Await.until(
                () -> proxy.backend().limit().inFlight() == 0,
                () -> proxy.backend().limit().inFlight() + " in progress");
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void anUploadThatWaitsKeepsItsBody() throws IOException {
        proxy = limited(1, 100, 10, PATIENCE).start();
        inProgress("/simple/a/", 1);
        RawClient upload = proxy.client();
        clients.add(upload);
        upload.send("POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
        awaitQueued(1);

        answers.release(2);

        assertThat(upload.read().text()).isEqualTo("done");
        assertThat(backend.requests("POST").get(0).bodyText()).isEqualTo("hello");
    }

    @Test
    void aClientThatAsksForTooMuchDataGetsTheMirrorsAndOthersDoNot() throws IOException {
        answers.release(1_000);
        proxy = RunningProxy.with()
                .endpoints(backend.answer(Answer.status(200, "application/json", "{}")))
                .overload(new BackendConfig.Overload(100, false, 100, 100, 0, PATIENCE, 1, 3))
                .mirror(StubMirror.page())
                .start();

        List<String> sources = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sources.add(proxy.get("/pypi/x/json").header("detour-source"));
        }

        assertThat(sources.subList(0, 3)).containsOnly("backend");
        assertThat(sources.get(4)).isEqualTo("mirror");
    }

    @Test
    void withoutACopyTheGreedyClientIsToldToSlowDown() throws IOException {
        answers.release(1_000);
        proxy = RunningProxy.with()
                .endpoints(backend.answer(Answer.status(200, "application/json", "{}")))
                .overload(new BackendConfig.Overload(100, false, 100, 100, 0, PATIENCE, 1, 1))
                .start();
        proxy.get("/pypi/x/json");
        RawResponse refused = proxy.get("/pypi/x/json");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isNotNull();
    }

    @Test
    void theGreedyClientIsNotToldThatSomethingIsMissing() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend.answer(Answer.status(200, "application/json", "{}")))
                .overload(new BackendConfig.Overload(100, false, 100, 100, 0, PATIENCE, 1, 1))
                .mirror(StubMirror.absent())
                .start();
        proxy.get("/pypi/x/json");

        assertThat(proxy.get("/pypi/x/json").status()).isEqualTo(429);
    }
}
