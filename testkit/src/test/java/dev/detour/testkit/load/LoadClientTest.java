package dev.detour.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadClientTest {
    private static final byte[] PAGE = "<a href=x>x</a>".getBytes(StandardCharsets.US_ASCII);
    private static final String SOURCE = "Detour-Source: mirror";
    private static final Answer RIGHT = Answer.status(200, "text/html", PAGE, SOURCE);
    private static final String BEGINNING =
            "HTTP/1.1 200 OK\r\nDetour-Source: mirror\r\nContent-Length: " + PAGE.length + "\r\n\r\n<a hr";

    @Test
    void rateIsKeptAndRightAnswersAreCountedBySource() throws Exception {
        LoadReport report = ask(RIGHT, false, Duration.ofSeconds(1));

        assertThat(report.complaints()).isEmpty();
        assertThat(report.errors()).isZero();
        assertThat(report.answers()).isBetween(190L, 215L);
        assertThat(report.answersFrom("mirror")).isEqualTo(report.answers());
    }

    @Test
    void anotherStatusIsAnError() throws Exception {
        assertAllWrong(Answer.status(503, "text/html", PAGE, SOURCE));
    }

    @Test
    void otherBytesAreAnError() throws Exception {
        assertAllWrong(Answer.status(200, "text/html", "<a href=y>y</a>".getBytes(StandardCharsets.US_ASCII), SOURCE));
    }

    @Test
    void fewerBytesAreAnError() throws Exception {
        assertAllWrong(Answer.status(200, "text/html", "<a hr".getBytes(StandardCharsets.US_ASCII), SOURCE));
    }

    @Test
    void answerWithoutSourceIsAnError() throws Exception {
        assertAllWrong(Answer.status(200, "text/html", PAGE));
    }

    @Test
    void resetIsAnError() throws Exception {
        assertAllWrong(Answer.resetBeforeHead());
    }

    @Test
    void answerThatBreaksOffIsAnErrorUnlessItMay() throws Exception {
        assertAllWrong(Answer.closeAfter(BEGINNING));

        LoadReport allowed = ask(Answer.closeAfter(BEGINNING), true, Duration.ofMillis(200));

        assertThat(allowed.complaints()).isEmpty();
        assertThat(allowed.broken()).isPositive().isEqualTo(allowed.answers());
    }

    @Test
    void requestWithoutAnAnswerIsAnError() throws Exception {
        LoadReport report = ask(Answer.hang(), false, Duration.ofMillis(200));

        assertThat(report.errors()).isEqualTo(1);
        assertThat(report.complaints().get(0)).contains("had no answer within");
    }

    @Test
    void timeSpentWaitingForAFreeConnectionCounts() throws Exception {
        LoadReport report = ask(Answer.delayed(Duration.ofMillis(100), RIGHT), false, Duration.ofMillis(500));

        // four connections take 40 a second of the 200
        assertThat(report.errors()).isZero();
        assertThat(report.late()).isGreaterThan(report.answers() / 2);
        assertThat(report.slowestMillis()).isGreaterThan(1000);
        assertThat(report.millisAt(0.5)).isGreaterThan(500);
    }

    @Test
    void closingEndsEveryConnection() {
        List<LoadRequest> requests = List.of(new LoadRequest("/simple/x/", "text/html", PAGE, false));
        try (FakeBackend proxy = FakeBackend.clear().answer(RIGHT)) {
            LoadClient client = LoadClient.start(proxy.port(), 300, 200, requests);
            client.pass(Duration.ofMillis(200));

            client.close();

            proxy.awaitOpenConnections(0, Duration.ofSeconds(5));
        }
    }

    private static void assertAllWrong(Answer answer) throws Exception {
        LoadReport report = ask(answer, false, Duration.ofMillis(200));

        assertThat(report.errors()).isGreaterThanOrEqualTo(30);
        assertThat(report.complaints()).hasSize(10);
    }

    private static LoadReport ask(Answer answer, boolean mayBreak, Duration time) throws Exception {
        List<LoadRequest> requests = List.of(new LoadRequest("/simple/x/", "text/html", PAGE, mayBreak));
        try (FakeBackend proxy = FakeBackend.clear().answer(answer);
                LoadClient client = LoadClient.start(proxy.port(), 4, 200, requests)) {
            client.pass(time);
            return client.finish(Duration.ofSeconds(4));
        }
    }
}
