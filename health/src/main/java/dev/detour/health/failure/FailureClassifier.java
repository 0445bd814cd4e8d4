package dev.detour.health.failure;

import dev.detour.health.tls.Causes;
import dev.detour.health.tls.PeerChainTrustManager;
import dev.detour.health.tls.TlsDiagnosis;
import dev.detour.health.tls.TlsReason;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The one place that turns an exception and the phase it came in into a {@link Failure}. */
public final class FailureClassifier {

    private FailureClassifier() {}

    /**
     * What {@code cause} says about the backend.
     *
     * <p>What Netty's HTTP decoder found wrong is in the {@code DecoderResult} of its message: pass its cause.
     *
     * <p>An exception of a kind never seen counts by its phase: unreachable while connecting, closed before the answer,
     * truncated inside the body.
     */
    public static Failure classify(Throwable cause, AttemptPhase phase) {
        Causes causes = Causes.of(cause);
        if (phase == AttemptPhase.HANDSHAKE) {
            return tls(cause);
        }
        if (phase == AttemptPhase.CONNECT) {
            return connect(cause, causes);
        }
        if (causes.has(SSLException.class)) {
            return afterHandshake(cause, phase);
        }
        if (causes.has(DecoderException.class) || causes.has(IllegalArgumentException.class)) {
            return Failure.of(FailureKind.MALFORMED, "answer is not HTTP: " + name(cause));
        }
        if (phase == AttemptPhase.BODY) {
            return Failure.of(FailureKind.TRUNCATED, "body broke off: " + name(cause));
        }
        if (causes.isReset()) {
            return Failure.of(FailureKind.RESET, "connection reset before the answer");
        }
        return Failure.of(FailureKind.CLOSED, "connection closed before the answer: " + name(cause));
    }

    /**
     * What a failed handshake says about the backend.
     *
     * @param seen what {@code exceptionCaught} saw of the channel meanwhile, or null: the handshake only hears that the channel
     *     closed, and a reset was seen there alone
     * @param engine what shook hands
     */
    public static Failure handshake(Throwable cause, @Nullable Throwable seen, SSLEngine engine) {
        if (seen != null && !seen.equals(cause)) {
            cause.addSuppressed(seen);
        }
        TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(cause);
        if (diagnosis.reason() == TlsReason.CIPHER && PeerChainTrustManager.accepted(engine)) {
            // the alert of a TLS 1.2 server that misses our certificate (OpenSSL's): the cipher was agreed on before
            return Failure.tls(
                    TlsReason.CLIENT_CERT_REJECTED, diagnosis.detail() + " after it had shown its certificate");
        }
        return Failure.tls(diagnosis.reason(), diagnosis.detail());
    }

    /**
     * What a connection that ended before its answer did says about the backend.
     *
     * @param seen what {@code exceptionCaught} saw of the channel, or null if it simply closed
     * @param insideBody whether the answer's head had come
     */
    public static Failure lost(@Nullable Throwable seen, boolean insideBody) {
        if (seen != null) {
            return classify(seen, insideBody ? AttemptPhase.BODY : AttemptPhase.BEFORE_ANSWER);
        }
        return insideBody
                ? Failure.of(FailureKind.TRUNCATED, "connection closed inside the body")
                : Failure.of(FailureKind.CLOSED, "connection closed before the answer");
    }

    /**
     * Whether an answer with this status is a failure of the backend: 500, 502, 503, 504 and 520-599.
     *
     * <p>501 (Not Implemented) and 505 (HTTP Version Not Supported) are statements about the request and not about the
     * backend's health, as HAProxy's {@code observe layer7} counts them; 506-511 likewise. 520 and above are what CDNs use
     * for an origin that is broken.
     */
    public static boolean brokenStatus(int status) {
        return switch (status) {
            case 500, 502, 503, 504 -> true;
            default -> status >= 520 && status <= 599;
        };
    }

    private static Failure connect(Throwable cause, Causes causes) {
        if (causes.has(UnknownHostException.class)) {
            return Failure.of(FailureKind.DNS, "the host name cannot be resolved");
        }
        if (causes.has(ConnectTimeoutException.class)) {
            return Failure.of(FailureKind.CONNECT_TIMEOUT, "no connection within the connect timeout");
        }
        if (causes.has(SSLException.class)) {
            return tls(cause);
        }
        if (causes.has(NoRouteToHostException.class)) {
            return Failure.of(FailureKind.UNREACHABLE, "no route to host");
        }
        if (causes.isReset()) {
            // before the next: Netty's epoll transport makes a ConnectException of it
            return Failure.of(FailureKind.RESET, "connection reset while connecting");
        }
        if (causes.has(ConnectException.class)) {
            return connectRefusal(causes);
        }
        return Failure.of(FailureKind.UNREACHABLE, "cannot connect: " + name(cause));
    }

    /** One class for several errors of the system; its messages may be translated, so refused is what is left. */
    private static Failure connectRefusal(Causes causes) {
        if (causes.says("timed out")) {
            return Failure.of(FailureKind.CONNECT_TIMEOUT, "the system gave up connecting");
        }
        if (causes.says("unreachable")) {
            return Failure.of(FailureKind.UNREACHABLE, "network unreachable");
        }
        return Failure.of(FailureKind.REFUSED, "connection refused");
    }

    private static Failure tls(Throwable cause) {
        TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(cause);
        return Failure.tls(diagnosis.reason(), diagnosis.detail());
    }

    /**
     * TLS 1.3 tells a client that its certificate was refused only after the handshake, as an alert at the first read. Any
     * other TLS error after the handshake is a connection that broke.
     */
    private static Failure afterHandshake(Throwable cause, AttemptPhase phase) {
        TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(cause);
        if (diagnosis.reason() == TlsReason.CLIENT_CERT_REJECTED) {
            return Failure.tls(diagnosis.reason(), diagnosis.detail());
        }
        if (phase == AttemptPhase.BODY) {
            return Failure.of(FailureKind.TRUNCATED, "TLS broke off inside the body: " + diagnosis.detail());
        }
        return Failure.tls(diagnosis.reason(), diagnosis.detail());
    }

    private static String name(Throwable cause) {
        return cause.getClass().getSimpleName();
    }
}
