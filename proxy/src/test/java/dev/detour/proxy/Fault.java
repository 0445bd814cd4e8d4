package dev.detour.proxy;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import java.time.Duration;
import java.util.function.Consumer;

/** One way in which a clear-text backend fails before an answer is committed, and how that is called. */
enum Fault {
    REFUSED("refused", FakeBackend::refuse),
    RESET("reset", answering(Answer.resetBeforeHead())),
    CLOSED("closed", answering(Answer.closeBeforeHead())),
    CLOSED_INSIDE_HEAD("closed", answering(Answer.closeAfter("HTTP/1.1 200 OK\r\nContent-Le"))),
    HANG("first_byte_timeout", answering(Answer.hang())),
    HANG_INSIDE_HEAD("first_byte_timeout", answering(Answer.hangAfter("HTTP/1.1 200 OK\r\nContent-Le"))),
    DRIP_OF_THE_HEAD(
            "first_byte_timeout",
            answering(Answer.drip(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok",
                    1,
                    Duration.ofMillis(40)))),
    STATUS_500("status_500", answering(Answer.status(500))),
    STATUS_502("status_502", answering(Answer.status(502))),
    STATUS_503("status_503", answering(Answer.status(503))),
    STATUS_504("status_504", answering(Answer.status(504))),
    STATUS_520("status_520", answering(Answer.status(520))),
    GARBAGE("malformed", answering(Answer.garbage())),
    BAD_HEADER(
            "malformed",
            answering(Answer.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: two\r\n\r\nok"))),
    HUGE_HEAD(
            "malformed",
            answering(
                    Answer.raw("HTTP/1.1 200 OK\r\nX-Huge: " + "x".repeat(70_000) + "\r\nContent-Length: 0\r\n\r\n")));

    /** The {@code reason} in the access line and the {@code outcome} of the attempt. */
    final String label;

    // a script that holds no state
    @SuppressWarnings("ImmutableEnumChecker")
    private final Consumer<FakeBackend> breaking;

    Fault(String label, Consumer<FakeBackend> breaking) {
        this.label = label;
        this.breaking = breaking;
    }

    private static Consumer<FakeBackend> answering(Answer answer) {
        return backend -> backend.answer(answer);
    }

    void befall(FakeBackend backend) {
        breaking.accept(backend);
    }
}
