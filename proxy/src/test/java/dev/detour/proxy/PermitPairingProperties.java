package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.ManualClock;
import dev.detour.testkit.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Whatever happens to requests, every permit of the breaker comes back: with one trial at a time, one that were lost would
 * keep the backend out for ever. So do the places within the limit and at the endpoint.
 */
class PermitPairingProperties {
    private static final Duration OPEN_FOR = Duration.ofSeconds(30);
    private static final Duration DIVERT_AFTER = Duration.ofSeconds(1);
    private static final Duration FIRST_BYTE = Duration.ofSeconds(5);

    /** What happens to one request, which may or may not be a trial. */
    enum Event {
        ANSWERED,
        BROKEN_STATUS,
        RESET,
        WRONG_CONTENT,
        CUT_SHORT_WHILE_HELD,
        CUT_SHORT_WHILE_STREAMED,
        REFUSED,
        WRITE_WITH_BROKEN_STATUS,
        CLIENT_LEAVES_BEFORE_THE_ANSWER,
        CLIENT_LEAVES_INSIDE_THE_ANSWER,
        DIVERTED_AND_ANSWERED_LATE,
        DIVERTED_AND_NEVER_ANSWERED,
        DRAINED
    }

    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void trafficAlwaysFindsItsWayBack(@ForAll @Size(min = 1, max = 12) List<Event> events) throws IOException {
        ManualClock clock = ManualClock.create();
        try (FakeBackend backend = FakeBackend.clear();
                RunningProxy proxy = RunningProxy.with()
                        .endpoints(backend)
                        .breaker(new BackendConfig.Breaker(2, 1, 0.5, Duration.ofMinutes(9), 1, OPEN_FOR, 1))
                        .firstByte(FIRST_BYTE)
                        .divertAfter(DIVERT_AFTER)
                        .mirror(StubMirror.page())
                        .clock(clock)
                        .start()) {
            for (Event event : events) {
                new Step(backend, proxy, clock).play(event);
                awaitQuiet(proxy);
                // an open breaker lends its one trial to the next
                clock.advance(OPEN_FOR.plusMillis(1));
            }
            backend.answer(Answer.ok("back"));

            assertThat(proxy.get("/simple/x/").text()).isEqualTo("back");
        }
    }

    private static void awaitQuiet(RunningProxy proxy) {
        Await.until(
                () -> proxy.backend().limit().inFlight() == 0
                        && proxy.backend().endpoints().now().stream().allMatch(endpoint -> endpoint.load() == 0),
                () -> "still in use: " + proxy.backend().status());
    }

    private record Step(FakeBackend backend, RunningProxy proxy, ManualClock clock) {
        void play(Event event) throws IOException {
            switch (event) {
                case ANSWERED -> get(Answer.ok("fine"));
                case BROKEN_STATUS -> get(Answer.status(503));
                case RESET -> get(Answer.resetBeforeHead());
                case WRONG_CONTENT -> get(Answer.status(200, "text/plain", "back soon"));
                case CUT_SHORT_WHILE_HELD -> get(Answer.truncatedLength("half", 8));
                case CUT_SHORT_WHILE_STREAMED -> get(Answer.truncatedLength("x".repeat(50_000), 200_000));
                case REFUSED -> refused();
                case WRITE_WITH_BROKEN_STATUS -> write();
                case CLIENT_LEAVES_BEFORE_THE_ANSWER -> leave(Answer.hang());
                case CLIENT_LEAVES_INSIDE_THE_ANSWER ->
                    leave(Answer.hangAfter(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nhalf"));
                case DIVERTED_AND_ANSWERED_LATE -> divert(true);
                case DIVERTED_AND_NEVER_ANSWERED -> divert(false);
                case DRAINED -> drained();
            }
        }

        private void get(Answer answer) throws IOException {
            backend.answer(answer);
            proxy.get("/simple/x/");
        }

        private void refused() throws IOException {
            backend.refuse();
            backend.resetConnections();
            proxy.get("/simple/x/");
            backend.listenAgain();
        }

        private void write() throws IOException {
            backend.answer(Answer.status(503));
            proxy.request("POST", "/legacy/", "Content-Length: 0");
        }

        /** Leaves as soon as the backend was asked, or has been answered by the mirror because it is not asked. */
        private void leave(Answer answer) throws IOException {
            backend.answer(answer);
            int heads = backend.heads().size();
            try (RawClient client = proxy.client()) {
                client.get("/simple/x/");
                Await.until(
                        () -> backend.heads().size() > heads
                                || !proxy.accessLines().isEmpty(),
                        () -> "neither asked nor answered");
                client.reset();
            }
        }

        private void divert(boolean answeredLate) throws IOException {
            int heads = backend.heads().size();
            backend.answer(wire -> {
                if (!answeredLate) {
                    wire.hang();
                    return;
                }
                long start = System.nanoTime();
                while (System.nanoTime() - start < Duration.ofMillis(60).toNanos()) {
                    Thread.onSpinWait();
                }
                Answer.ok("late").play(wire);
            });
            try (RawClient client = proxy.client()) {
                client.get("/simple/x/");
                Await.until(
                        () -> backend.heads().size() > heads
                                || !proxy.accessLines().isEmpty(),
                        () -> "neither asked nor answered");
                clock.advance(DIVERT_AFTER.plusMillis(1));
                client.read();
            }
            // the end of the patience with whoever never answers
            clock.advance(FIRST_BYTE);
        }

        private void drained() throws IOException {
            proxy.backend().drain(endpoint -> true);
            proxy.get("/simple/x/");
            proxy.backend().drain(endpoint -> false);
        }
    }
}
