package dev.detour.health.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;
import javax.net.ssl.SSLProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Why a TLS connection failed, with one line for operators.
 *
 * <p>Told by public types only, the same for the JDK's TLS and for BoringSSL: both put the JDK's certificate exceptions
 * beneath their own. Where types do not tell (wrong name, wrong usage) the chain of a {@link PeerRejectedException} does;
 * without {@link PeerChainTrustManager} the JDK's message has to. A connection reset inside a handshake arrives as a mere
 * closed channel: add what {@code exceptionCaught} saw as suppressed, and it is told apart.
 *
 * <p>An alert handshake_failure counts as a cipher mismatch, although TLS 1.2 servers may send it for a missing client
 * certificate too: {@link PeerChainTrustManager#accepted} tells these apart.
 *
 * @param detail one line without any bytes of the peer, except the names in its certificate made printable
 */
public record TlsDiagnosis(TlsReason reason, String detail) {

    /** The reason alone. */
    public static TlsReason of(Throwable cause) {
        return diagnose(cause).reason();
    }

    /** The reason and the line that goes with it. */
    public static TlsDiagnosis diagnose(Throwable cause) {
        Causes causes = Causes.of(cause);
        if (causes.has(SslHandshakeTimeoutException.class)) {
            return new TlsDiagnosis(TlsReason.TIMEOUT, "handshake timed out");
        }
        TlsReason certificate = certificateReason(causes);
        if (certificate != null) {
            return new TlsDiagnosis(certificate, PeerCertificate.describe(certificate, causes));
        }
        for (Throwable each : causes.all()) {
            Alert alert = Alert.in(each.getMessage());
            if (alert != null) {
                return new TlsDiagnosis(alert.reason(), "the peer sent the alert " + alert.label());
            }
        }
        return connectionReason(cause, causes);
    }

    private static @Nullable TlsReason certificateReason(Causes causes) {
        CertPathValidatorException invalid = causes.first(CertPathValidatorException.class);
        TlsReason told = invalid == null ? null : reason(invalid.getReason());
        if (told != null) {
            return told;
        }
        if (causes.has(CertificateExpiredException.class)) {
            return TlsReason.EXPIRED;
        }
        if (causes.has(CertificateNotYetValidException.class)) {
            return TlsReason.NOT_YET_VALID;
        }
        if (causes.has(CertificateRevokedException.class)) {
            return TlsReason.REVOKED;
        }
        if (invalid != null || causes.has(CertPathBuilderException.class)) {
            return TlsReason.UNTRUSTED;
        }
        return causes.has(CertificateException.class) ? nameOrUsage(causes) : null;
    }

    private static @Nullable TlsReason reason(CertPathValidatorException.Reason reason) {
        if (reason == PKIXReason.INVALID_KEY_USAGE) {
            return TlsReason.WRONG_USAGE;
        }
        if (!(reason instanceof BasicReason basic)) {
            return null;
        }
        return switch (basic) {
            case EXPIRED -> TlsReason.EXPIRED;
            case NOT_YET_VALID -> TlsReason.NOT_YET_VALID;
            case REVOKED -> TlsReason.REVOKED;
            case UNDETERMINED_REVOCATION_STATUS -> TlsReason.REVOCATION_UNKNOWN;
            case ALGORITHM_CONSTRAINED -> TlsReason.WEAK_ALGORITHM;
            case INVALID_SIGNATURE -> TlsReason.UNTRUSTED;
            case UNSPECIFIED -> null;
        };
    }

    /** Path and dates were good and still it was refused: what is left are the name and the usage. */
    private static TlsReason nameOrUsage(Causes causes) {
        PeerRejectedException rejected = causes.first(PeerRejectedException.class);
        if (rejected != null && !PeerCertificate.mayServe(rejected.chain().get(0))) {
            return TlsReason.WRONG_USAGE;
        }
        if (causes.says("key usage")) {
            return TlsReason.WRONG_USAGE;
        }
        if (causes.says("subject alternative") || causes.says("no name matching")) {
            return TlsReason.HOSTNAME_MISMATCH;
        }
        return TlsReason.UNTRUSTED;
    }

    private static TlsDiagnosis connectionReason(Throwable cause, Causes causes) {
        if (causes.has(NotSslRecordException.class)) {
            return new TlsDiagnosis(TlsReason.PLAINTEXT, "the peer does not speak TLS");
        }
        if (causes.isReset()) {
            return new TlsDiagnosis(TlsReason.RESET, "the peer reset the connection during the handshake");
        }
        if (causes.has(ConnectException.class)) {
            return new TlsDiagnosis(TlsReason.REFUSED, "connection refused");
        }
        if (causes.says("unsupported_protocol") || causes.says("selected protocol version")) {
            return new TlsDiagnosis(TlsReason.PROTOCOL_VERSION, "the peer speaks no TLS version that is allowed here");
        }
        if (causes.has(ClosedChannelException.class)) {
            return new TlsDiagnosis(TlsReason.CLOSED, "the peer closed the connection during the handshake");
        }
        if (causes.has(SSLProtocolException.class)
                || causes.says("excessive_message_size")
                || causes.says("wrong_version_number")
                || causes.says("unrecognized ssl message")) {
            return new TlsDiagnosis(TlsReason.BAD_RECORD, "the peer sent records that are not TLS");
        }
        return new TlsDiagnosis(
                TlsReason.OTHER, "handshake failed: " + cause.getClass().getSimpleName());
    }
}
