package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.health.endpoint.Standing;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint whose certificate is about to end, beside one whose certificate lasts. */
class ExpiringEndpointTest {
    private static final Duration MARGIN = Duration.ofHours(1);
    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private final FakeBackend lasting =
            FakeBackend.tls(CERTIFICATES.server().serverContext()).answer(Answer.ok("lasting"));
    private final FakeBackend ending = FakeBackend.tls(CERTIFICATES
                    .issue(CERTIFICATES
                            .request()
                            .withName("ending")
                            .withValidity(
                                    Instant.now().minus(Duration.ofDays(300)),
                                    Instant.now().plus(MARGIN.dividedBy(2))))
                    .serverContext())
            .answer(Answer.ok("ending"));

    @TempDir
    Path directory = Path.of(".");

    @SuppressWarnings("NullAway.Init")
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(ending, lasting)
                .trust(CERTIFICATES.writeCa(directory))
                .balance(new BackendConfig.Balance(BackendConfig.Policy.ROUND_ROBIN, 0.3, Duration.ZERO, MARGIN))
                .probe(new BackendConfig.Probe(
                        BackendConfig.ProbeKind.TLS,
                        "/",
                        List.of(),
                        null,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        1,
                        1))
                .start();
        awaitStandings(Standing.EXPIRING, Standing.UP);
    }

    @AfterEach
    void stop() {
        proxy.close();
        ending.close();
        lasting.close();
    }

    private List<Standing> standings() {
        return proxy.backend().status().endpoints().stream()
                .map(endpoint -> endpoint.standing())
                .toList();
    }

    private void awaitStandings(Standing... wanted) {
        Await.until(() -> standings().equals(List.of(wanted)), () -> "they are " + standings());
    }

    @Test
    void nothingNewGoesToIt() throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThat(proxy.get("/other").text()).isEqualTo("lasting");
        }

        assertThat(ending.requests()).isEmpty();
        assertThat(proxy.backend().status().endpoints().get(0).certificate())
                .hasFieldOrPropertyWithValue("subject", "CN=ending,O=Detour test");
    }

    @Test
    void itIsAskedAgainWhenItIsTheLast() throws IOException {
        lasting.refuse();
        lasting.resetConnections();
        awaitStandings(Standing.UP, Standing.DOWN);

        assertThat(proxy.get("/other").text()).isEqualTo("ending");
    }
}
