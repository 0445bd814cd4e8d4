package dev.detour.health.probe;

import static dev.detour.health.probe.ProbeRig.clear;
import static dev.detour.health.probe.ProbeRig.probe;
import static dev.detour.health.probe.ProbeRig.wantsBody;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.health.failure.Failure;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.RequestHead;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ProbeRig rig = new ProbeRig();
    private final FakeBackend backend = FakeBackend.clear();

    @AfterEach
    void stop() {
        rig.close();
        backend.close();
    }

    private String outcome() throws InterruptedException {
        return rig.outcome(clear(backend.port(), probe(ProbeKind.HTTP)));
    }

    private String shortOutcome(ProbeKind kind) throws InterruptedException {
        return rig.outcome(clear(backend.port(), probe(kind, ProbeRig.SELDOM, SHORT)));
    }

    @Test
    void asksAsItself() throws Exception {
        assertThat(outcome()).isEqualTo("ok");

        RequestHead head = backend.heads().get(0);
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/_health/");
        assertThat(head.header("host")).isEqualTo("index.example:" + backend.port());
        assertThat(head.header("user-agent")).isEqualTo("detour-probe");
        assertThat(head.header("accept")).isEqualTo("*/*");
        assertThat(head.header("connection")).isEqualTo("close");
    }

    @Test
    void leavesNoConnectionBehind() throws Exception {
        outcome();

        backend.awaitOpenConnections(0, ProbeRig.PATIENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500, 503, 199 + 300})
    void statusThatIsNotWantedIsNamed(int status) throws Exception {
        backend.answer(Answer.status(status));

        assertThat(outcome()).isEqualTo("status_" + status);
    }

    @Test
    void redirectIsAnAnswerAndIsNotFollowed() throws Exception {
        backend.answer(Answer.status(302, "text/plain", new byte[0], "Location: /elsewhere"));

        assertThat(outcome()).isEqualTo("ok");
        assertThat(backend.heads()).hasSize(1);
    }

    @Test
    void interimAnswersAreSkipped() throws Exception {
        backend.answer(Answer.raw(String.join(
                "\r\n",
                "HTTP/1.1 103 Early Hints",
                "Link: </a>",
                "",
                "HTTP/1.1 102 Processing",
                "",
                "HTTP/1.1 503 No",
                "Content-Length: 0",
                "",
                "")));

        assertThat(outcome()).isEqualTo("status_503");
    }

    static Stream<Arguments> brokenAnswers() {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
        return Stream.of(
                Arguments.of("reset", Answer.resetBeforeHead()),
                Arguments.of("closed", Answer.closeBeforeHead()),
                Arguments.of("closed", Answer.closeAfter("HTTP/1.1 200 OK\r\nConte")),
                Arguments.of("malformed", Answer.garbage()),
                Arguments.of("malformed", Answer.raw("HTTP/1.1 101 Switching Protocols\r\n\r\n")),
                Arguments.of("malformed", Answer.raw("HTTP/1.1 007 Bond\r\nContent-Length: 0\r\n\r\n")),
                Arguments.of("truncated", Answer.truncatedLength("abc", 9)),
                Arguments.of("truncated", Answer.truncatedChunked("abc")),
                Arguments.of("truncated", Answer.resetAfter(head + "abc")));
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void brokenAnswerIsToldByItsKind(String label, Answer answer) throws Exception {
        backend.answer(answer);

        String outcome = outcome();

        // bytes that a reset overtakes are lost: the system's doing
        assertThat(outcome).isIn(label.equals("truncated") ? List.of("truncated", "reset") : List.of(label));
    }

    @Test
    void bodyThatEndsWithTheConnectionIsWhole() throws Exception {
        backend.answer(Answer.closeAfter("HTTP/1.0 200 OK\r\n\r\nall is well"));

        assertThat(rig.outcome(clear(backend.port(), wantsBody("is well")))).isEqualTo("ok");
    }

    @Test
    void textIsFoundThoughItComesInTwoReads() throws Exception {
        backend.answer(
                Answer.drip("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nall is well", 45, Duration.ofMillis(50)));

        assertThat(rig.outcome(clear(backend.port(), wantsBody("is well")))).isEqualTo("ok");
    }

    @Test
    void textIsFoundAcrossChunks() throws Exception {
        backend.answer(Answer.chunked("text/plain", "all is w", "ell"));

        assertThat(rig.outcome(clear(backend.port(), wantsBody("is well")))).isEqualTo("ok");
    }

    @Test
    void missingTextIsNamed() throws Exception {
        backend.answer(Answer.ok("maintenance"));

        Failure failure = rig.first(clear(backend.port(), wantsBody("is well"))).failure();

        assertThat(failure.label()).isEqualTo("malformed");
        assertThat(failure.detail()).isEqualTo("body does not contain \"is well\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void textIsLookedForInTheFirst64KiB(int beyond) throws Exception {
        String text = "is well";
        String padding = "x".repeat(AnswerCheck.LOOKED_AT - text.length() + beyond);
        backend.answer(Answer.ok(padding + text + "x".repeat(100_000)));

        assertThat(rig.outcome(clear(backend.port(), wantsBody(text)))).isEqualTo(beyond == 0 ? "ok" : "malformed");
    }

    @Test
    void largeBodyIsNotReadToItsEnd() throws Exception {
        backend.answer(Answer.large(10_000_000_000L));

        assertThat(outcome()).isEqualTo("ok");
        backend.awaitOpenConnections(0, ProbeRig.PATIENT);
    }

    @Test
    void silenceBeforeTheAnswerIsAFirstByteTimeout() throws Exception {
        backend.answer(Answer.hang());

        assertThat(shortOutcome(ProbeKind.HTTP)).isEqualTo("first_byte_timeout");
    }

    @Test
    void silenceInsideTheBodyIsSlow() throws Exception {
        backend.answer(Answer.hangAfter("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));

        assertThat(shortOutcome(ProbeKind.HTTP)).isEqualTo("slow");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProbeKind.class,
            names = {"HTTP", "TCP"})
    void refusedConnectionIsTold(ProbeKind kind) throws Exception {
        backend.refuse();

        assertThat(shortOutcome(kind)).isEqualTo("refused");
    }

    @Test
    void tcpProbeOnlyConnects() throws Exception {
        backend.greet(Greeting.HANG);

        assertThat(shortOutcome(ProbeKind.TCP)).isEqualTo("ok");
        backend.awaitOpenConnections(0, ProbeRig.PATIENT);
        assertThat(backend.heads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ProbeKind.class,
            names = {"HTTP", "TCP"})
    void connectionThatIsNeitherMadeNorRefusedIsAConnectTimeout(ProbeKind kind) throws Exception {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fill(full, queue);

            assertThat(rig.outcome(clear(full.getLocalPort(), probe(kind, ProbeRig.SELDOM, SHORT))))
                    .isEqualTo("connect_timeout");
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    /** Connects until the backlog is full, from when on the system ignores what comes. */
    private static void fill(ServerSocket server, List<Socket> queue) throws IOException {
        for (int i = 0; i < 50; i++) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 100);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("a backlog of 1 took 50 connections");
    }
}
