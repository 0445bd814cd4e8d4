package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.config.BackendConfig.StatusRange;
import dev.detour.health.breaker.BreakerState;
import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.RawClient;
import dev.detour.testkit.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several endpoints of one backend: which of them are asked, and what the failures of one mean for the rest. */
class EndpointFailoverTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FakeBackend good = FakeBackend.clear().answer(Answer.ok("good"));
    private final FakeBackend bad = FakeBackend.clear().answer(Answer.ok("bad"));

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private RunningProxy proxy;

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        good.close();
        bad.close();
    }

    private ProxyDescription both() {
        return RunningProxy.with().endpoints(good, bad).attempts(2).mirror(StubMirror.page());
    }

    private static BackendConfig.Outlier ejectingAfter(int failures) {
        return new BackendConfig.Outlier(failures, 1.0, 1_000_000, 1_000_000, LONG, LONG, LONG, 0.5);
    }

    private static BackendConfig.Probe probe() {
        return new BackendConfig.Probe(
                ProbeKind.HTTP,
                "/probe",
                List.of(new StatusRange(200, 299)),
                null,
                Duration.ofMillis(20),
                Duration.ofSeconds(2),
                2,
                2);
    }

    private EndpointStatus statusOf(FakeBackend backend) {
        return proxy.backend().status().endpoints().stream()
                .filter(status -> status.endpoint().endsWith(":" + backend.port()))
                .findFirst()
                .orElseThrow();
    }

    private void getAll(int count, String expected) throws IOException {
        for (int i = 0; i < count; i++) {
            assertThat(proxy.get("/simple/x/").text()).isEqualTo(expected);
        }
    }

    private void awaitStanding(FakeBackend backend, Standing standing) {
        Await.until(
                () -> statusOf(backend).standing() == standing,
                () -> statusOf(backend).toString());
    }

    @Test
    void anEndpointThatKeepsFailingGetsNothingMoreAndNoClientNotices() throws IOException {
        bad.answer(Answer.status(502));
        proxy = both().outlier(ejectingAfter(3)).start();

        getAll(20, "good");

        assertThat(bad.heads()).hasSize(3);
        assertThat(statusOf(bad).standing()).isEqualTo(Standing.EJECTED);
        assertThat(statusOf(bad).failure()).hasFieldOrPropertyWithValue("status", 502);
        assertThat(statusOf(good).standing()).isEqualTo(Standing.UP);
    }

    @Test
    void aFailureThatAnotherEndpointMadeUpForDoesNotOpenTheBreaker() throws IOException {
        bad.answer(Answer.status(502));
        proxy = both().breaker(
                        new BackendConfig.Breaker(4, 2, 0.25, Duration.ofSeconds(60), 1, Duration.ofSeconds(60), 1))
                .start();

        getAll(20, "good");

        assertThat(proxy.backend().breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void theDeadlineIsNotChargedToTheEndpointThatHadTheLeastOfTheTime() throws IOException {
        good.answer(Answer.hang());
        bad.answer(Answer.hang());
        proxy = both().firstByte(Duration.ofMillis(600))
                .deadline(Duration.ofMillis(800))
                .outlier(new BackendConfig.Outlier(1, 1.0, 1_000_000, 1_000_000, LONG, LONG, LONG, 1.0))
                .start();

        proxy.get("/simple/x/");

        assertThat(proxy.attempts("deadline")).isEqualTo(1);
        assertThat(List.of(statusOf(good).standing(), statusOf(bad).standing()))
                .containsExactlyInAnyOrder(Standing.EJECTED, Standing.UP);
    }

    @Test
    void aTrialIsOneCall() throws IOException {
        good.answer(Answer.status(503));
        bad.answer(Answer.status(503));
        proxy = both().breaker(
                        new BackendConfig.Breaker(1, 1, 0.5, Duration.ofSeconds(60), 1, Duration.ofMillis(100), 1))
                .start();
        proxy.get("/simple/x/");
        good.forget();
        bad.forget();

        Await.until(
                () -> {
                    try {
                        proxy.get("/simple/x/");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    return good.heads().size() + bad.heads().size() > 0;
                },
                () -> "no trial");

        assertThat(good.heads().size() + bad.heads().size()).isEqualTo(1);
    }

    @Test
    void aDrainedEndpointFinishesWhatItHasAndTakesNothingNew() throws IOException {
        Semaphore release = new Semaphore(0);
        bad.answer(wire -> {
            release.acquireUninterruptibly();
            Answer.ok("finished").play(wire);
        });
        proxy = RunningProxy.with().endpoints(bad).thenEndpoint(good).start();
        try (RawClient client = proxy.client()) {
            client.get("/simple/x/");
            bad.awaitHeads(1, PATIENCE);

            proxy.backend().drain(endpoint -> endpoint.name().endsWith(":" + bad.port()));
            getAll(5, "good");
            release.release();

            assertThat(client.read().text()).isEqualTo("finished");
        }
        assertThat(bad.heads()).hasSize(1);
        bad.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void measuredHealthDoesNotUndoTheOperatorsWishNorTheWishTheMeasurement() throws IOException {
        proxy = both().probe(probe()).start();
        awaitStanding(bad, Standing.UP);

        proxy.backend().drain(endpoint -> endpoint.name().endsWith(":" + bad.port()));
        bad.forget();
        bad.awaitHeads(3, PATIENCE);

        assertThat(statusOf(bad).drained()).isTrue();
        assertThat(statusOf(bad).standing()).isEqualTo(Standing.UP);
        proxy.backend().drain(endpoint -> false);
        assertThat(statusOf(bad).drained()).isFalse();
    }

    @Test
    void aBackendThatIsDrainedAltogetherIsNotAsked() throws IOException {
        proxy = both().start();
        proxy.backend().drain(endpoint -> true);

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: drained");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=drained")).contains("reason=drained");
        assertThat(proxy.backend().limit().inFlight()).isZero();
    }

    @Test
    void anEndpointWhoseProbesFailGetsNothingUntilTheySucceed() throws IOException {
        bad.answerBy(head -> head.target().equals("/probe") ? Answer.status(503) : Answer.ok("bad"));
        proxy = both().probe(probe()).start();
        awaitStanding(bad, Standing.DOWN);

        getAll(10, "good");
        bad.answer(Answer.ok("healed"));
        awaitStanding(bad, Standing.UP);

        Await.until(
                () -> {
                    try {
                        return proxy.get("/simple/x/").text().equals("healed");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                () -> "never asked again");
    }

    @Test
    void theFirstRoundOfProbesIsNotOverBeforeEveryEndpointHasAnswered() throws IOException {
        Semaphore release = new Semaphore(0);
        bad.answer(wire -> {
            release.acquireUninterruptibly();
            Answer.ok("up").play(wire);
        });
        proxy = both().probe(probe()).start();
        bad.awaitHeads(1, PATIENCE);

        assertThat(proxy.unexamined()).anyMatch(name -> name.endsWith(":" + bad.port()));
        release.release(1_000);
        Await.until(() -> proxy.unexamined().isEmpty(), () -> proxy.unexamined().toString());
    }

    @Test
    void aNameWithoutAnAddressIsAFailureThatTheMirrorMakesUpFor() throws IOException {
        proxy = RunningProxy.with()
                .endpoint("http://no-such-host.invalid:8080")
                .nameServer(good.port())
                .mirror(StubMirror.page())
                .start();

        RawResponse response = proxy.get("/simple/x/", "X-Request-Id: nameless");

        assertThat(response.header("detour-source")).isEqualTo("mirror");
        assertThat(proxy.accessLine("id=nameless")).contains("reason=dns");
        assertThat(proxy.attempts("dns")).isEqualTo(1);
    }
}
