package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the backend said was absent just before it failed is still absent; of anything else nobody can tell. */
class RecentAbsenceTest {
    private final FakeBackend backend = FakeBackend.clear();
    private final ManualClock clock = ManualClock.create();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .mirror(StubMirror.unavailable())
                .clock(clock)
                .start();
        backend.answer(Answer.status(404));
        proxy.get("/simple/absent/");
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    @Test
    void theSamePathIsStillAbsentInTheOutage() throws IOException {
        backend.refuse();
        backend.resetConnections();

        assertThat(proxy.get("/simple/absent/").status()).isEqualTo(404);
    }

    @Test
    void anotherPathMayExist() throws IOException {
        backend.refuse();
        backend.resetConnections();

        assertThat(proxy.get("/simple/other/").status()).isEqualTo(503);
    }

    @Test
    void afterAMinuteNobodyCanTell() throws IOException {
        backend.refuse();
        backend.resetConnections();
        clock.advance(Duration.ofSeconds(61));

        assertThat(proxy.get("/simple/absent/").status()).isEqualTo(503);
    }

    @Test
    void whatTheBackendServedSinceThenIsNotAbsent() throws IOException {
        backend.answer(Answer.ok("now it is there"));
        proxy.get("/simple/absent/");
        backend.refuse();
        backend.resetConnections();

        assertThat(proxy.get("/simple/absent/").status()).isEqualTo(503);
    }
}
