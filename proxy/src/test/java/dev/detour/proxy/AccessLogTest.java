package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The line an operator reads for a request. */
class AccessLogTest {
    private final FakeBackend backend = FakeBackend.clear();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        proxy = RunningProxy.with()
                .endpoints(backend)
                .clock(ManualClock.create())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
        backend.close();
    }

    @Test
    void aLineSaysWhenWhoWhatAndHow() throws IOException {
        backend.answer(Answer.status(404, "text/plain", "absent"));

        proxy.get("/simple/x/", "X-Request-Id: abc");

        assertThat(proxy.accessLine("id=abc"))
                .isEqualTo("2026-01-01T00:00:00.000Z 127.0.0.1 \"GET /simple/x/\" 404 6 0.000ms"
                        + " route=simple source=backend id=abc");
    }

    @Test
    void quotesAndBackslashesInATargetAreEscaped() throws IOException {
        proxy.get("/a\"b\\c", "X-Request-Id: abc");

        assertThat(proxy.accessLine("id=abc")).contains(" \"GET /a\\\"b\\\\c\" 200 ");
    }

    @Test
    void aLongTargetIsCut() throws IOException {
        proxy.get("/" + "\"".repeat(5000), "X-Request-Id: abc");

        assertThat(proxy.accessLine("id=abc")).contains(" \"GET /" + "\\\"".repeat(2047) + "...\" 200 ");
    }

    @Test
    void linesAreWholeUnderLoad() throws Exception {
        Thread[] clients = new Thread[4];
        for (int t = 0; t < clients.length; t++) {
            clients[t] = new Thread(() -> {
                try (var client = proxy.client()) {
                    for (int i = 0; i < 200; i++) {
                        client.get("/x").read();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            clients[t].start();
        }
        for (Thread client : clients) {
            client.join();
        }

        Await.until(
                () -> proxy.accessLines().size() == 800,
                () -> proxy.accessLines().size() + " lines");
        assertThat(proxy.accessLines())
                .allMatch(line -> line.matches("\\S+ 127\\.0\\.0\\.1 \"GET /x\" 200 3 \\S+ms"
                        + " route=other source=backend id=[0-9a-f]{16}"));
    }
}
