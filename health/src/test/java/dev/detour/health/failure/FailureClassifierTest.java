package dev.detour.health.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.tls.TlsReason;
import io.netty.buffer.Unpooled;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class FailureClassifierTest {

    @Test
    void nameThatCannotBeResolvedIsDns() {
        assertThat(kind(new UnknownHostException("nowhere.invalid"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.DNS);
    }

    @Test
    void connectTimeoutIsNotTakenForRefused() {
        assertThat(kind(new ConnectTimeoutException("connection timed out"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.CONNECT_TIMEOUT);
    }

    @Test
    void connectExceptionIsRefused() {
        assertThat(kind(new ConnectException("Connection refused"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.REFUSED);
    }

    @Test
    void networkDownIsUnreachable() {
        assertThat(kind(new NoRouteToHostException("No route to host"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.UNREACHABLE);
        assertThat(kind(new ConnectException("Network is unreachable"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.UNREACHABLE);
    }

    @Test
    void resetBeforeTheAnswerIsReset() {
        assertThat(kind(new SocketException("Connection reset"), AttemptPhase.BEFORE_ANSWER))
                .isEqualTo(FailureKind.RESET);
        assertThat(kind(
                        new IOException("recvAddress(..) failed: Connection reset by peer"),
                        AttemptPhase.BEFORE_ANSWER))
                .isEqualTo(FailureKind.RESET);
    }

    @Test
    void closedBeforeTheAnswerIsClosed() {
        assertThat(kind(new ClosedChannelException(), AttemptPhase.BEFORE_ANSWER))
                .isEqualTo(FailureKind.CLOSED);
    }

    @Test
    void answerThatCannotBeDecodedIsMalformed() {
        assertThat(kind(new DecoderException(new IllegalArgumentException("bad status")), AttemptPhase.BEFORE_ANSWER))
                .isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void whatTheHttpDecoderRefusesIsMalformed() {
        assertThat(kind(decoderVerdict("\u0001\u0002 garbage\r\n\r\n"), AttemptPhase.BEFORE_ANSWER))
                .isEqualTo(FailureKind.MALFORMED);
        assertThat(kind(
                        decoderVerdict("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
                        AttemptPhase.BODY))
                .isEqualTo(FailureKind.MALFORMED);
    }

    @Test
    void systemThatGaveUpConnectingIsAConnectTimeout() {
        assertThat(kind(new ConnectException("Connection timed out"), AttemptPhase.CONNECT))
                .isEqualTo(FailureKind.CONNECT_TIMEOUT);
    }

    @Test
    void whateverBreaksABodyTruncatesIt() {
        assertThat(kind(new SocketException("Connection reset"), AttemptPhase.BODY))
                .isEqualTo(FailureKind.TRUNCATED);
        assertThat(kind(new ClosedChannelException(), AttemptPhase.BODY)).isEqualTo(FailureKind.TRUNCATED);
        assertThat(kind(new DecoderException(new SSLException("bad record")), AttemptPhase.BODY))
                .isEqualTo(FailureKind.TRUNCATED);
    }

    @Test
    void certificateRefusedAtTheFirstReadIsATlsFailure() {
        Throwable late = new DecoderException(new SSLHandshakeException("Received fatal alert: certificate_required"));

        Failure failure = FailureClassifier.classify(late, AttemptPhase.BEFORE_ANSWER);

        assertThat(failure.tls()).isEqualTo(TlsReason.CLIENT_CERT_REJECTED);
        assertThat(failure.label()).isEqualTo("tls_client_cert_rejected");
    }

    @Test
    void closedInsideTheHandshakeIsATlsFailure() {
        Failure failure = FailureClassifier.classify(new ClosedChannelException(), AttemptPhase.HANDSHAKE);

        assertThat(failure.label()).isEqualTo("tls_closed");
    }

    @Test
    void detailNeverRepeatsWhatThePeerSent() {
        Throwable cause = new DecoderException("invalid version format: \u0001SECRET\r\nX: y");

        assertThat(FailureClassifier.classify(cause, AttemptPhase.BEFORE_ANSWER).detail())
                .doesNotContain("SECRET")
                .doesNotContain("\n");
    }

    @Test
    void brokenStatusesAreThoseOfABrokenServer() {
        assertThat(IntStream.rangeClosed(100, 599).filter(FailureClassifier::brokenStatus))
                .startsWith(500, 502, 503, 504, 520, 521)
                .endsWith(599)
                .hasSize(4 + 80)
                .doesNotContain(501, 505, 511);
    }

    private static Throwable decoderVerdict(String answer) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder());
        channel.writeInbound(Unpooled.copiedBuffer(answer, StandardCharsets.ISO_8859_1));
        try {
            for (HttpObject each = channel.readInbound(); each != null; each = channel.readInbound()) {
                ReferenceCountUtil.release(each);
                if (each.decoderResult().isFailure()) {
                    return each.decoderResult().cause();
                }
            }
            throw new AssertionError("the decoder found nothing wrong with: " + answer);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static FailureKind kind(Throwable cause, AttemptPhase phase) {
        return FailureClassifier.classify(cause, phase).kind();
    }

    @Test
    void resetThatEpollCallsAConnectFailureIsNoRefusal() {
        ConnectException reset = new ConnectException("finishConnect(..) failed: Connection reset by peer");

        assertThat(FailureClassifier.classify(reset, AttemptPhase.CONNECT).label())
                .isEqualTo("reset");
    }
}
