package dev.detour.app.outage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.app.demo.DemoFault;
import dev.detour.app.support.DemoSession;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two hundred clients at once do not notice when the index breaks under them.
 *
 * <p>Two faults are held for ten seconds, which is longer than the breaker stays open and so has trial calls in it; the
 * others for two, which has the break itself and the open breaker.
 */
@Timeout(90)
class ConcurrentClientsTest {
    private static final int CLIENTS = 200;

    @ParameterizedTest
    @CsvSource({
        "TLS_EXPIRED, 10",
        "TRUNCATE, 10",
        "REFUSE, 2",
        "TLS_UNTRUSTED, 2",
        "RESET, 2",
        "STATUS_500, 2",
        "HANG, 2",
        "SLOW, 2"
    })
    void noClientSeesAnErrorWhenTheIndexBreaks(DemoFault fault, int seconds, @TempDir Path directory) throws Exception {
        try (DemoSession session = DemoSession.start(directory)) {
            List<Resource> resources = Resource.mixture(session);
            Crowd crowd = Crowd.start(session.port(), CLIENTS, resources);

            try (crowd) {
                session.set(fault);
                pass(seconds);
            }

            System.out.println(fault.label() + " for " + seconds + " s: " + crowd);
            assertThat(crowd.errors()).as("%s", crowd).isEmpty();
            assertThat(crowd.answersFrom("mirror")).as("%s", crowd).isGreaterThanOrEqualTo(CLIENTS);
            assertThat(crowd.answersFrom("mirror") + crowd.answersFrom("backend"))
                    .as("%s", crowd)
                    .isEqualTo(crowd.answers());
        }
    }

    /** Lets the clients work for so long. */
    private static void pass(int seconds) {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (long left = seconds * 1_000_000_000L; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
