package dev.detour.health.certificate;

import dev.detour.health.deadline.Deadline;
import dev.detour.health.tls.TlsDiagnosis;
import dev.detour.health.tls.TlsReason;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * A look at the certificates that a server really shows, by a full handshake of its own.
 *
 * <p>Every look has a fresh context: a resumed session shows no certificate, and goes on working long after it has expired. Blocks,
 * so it is not for event loops. Safe for use by several threads.
 */
public final class WireProbe {
    private final List<X509Certificate> anchors;
    private final Duration timeout;
    private final Clock clock;

    /**
     * A probe.
     *
     * @param anchors the authorities that servers' chains should end at
     * @param timeout for the connection, and again for everything after it
     */
    public WireProbe(Collection<X509Certificate> anchors, Duration timeout, Clock clock) {
        this.anchors = List.copyOf(anchors);
        this.timeout = timeout;
        this.clock = clock;
    }

    /** Looks at one server. Never fails otherwise than by its result. */
    public WireResult probe(WireTarget target) {
        RecordingTrustManager seen = new RecordingTrustManager();
        NoClientCertificate client = new NoClientCertificate();
        try (Socket socket = new Socket()) {
            InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
            if (address.isUnresolved()) {
                return new WireResult.Failed(target, TlsReason.OTHER, "the host name is not known");
            }
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            Deadline deadline = Deadline.closing(socket, timeout);
            try (deadline) {
                return handshake(target, socket, seen, client);
            } catch (IOException e) {
                return failed(target, seen, client, diagnose(e, deadline.passed()));
            }
        } catch (IOException e) {
            return failed(target, seen, client, diagnose(e, false));
        }
    }

    private WireResult handshake(
            WireTarget target, Socket socket, RecordingTrustManager seen, NoClientCertificate client)
            throws IOException {
        StartTls.ask(target.protocol(), socket);
        try (SSLSocket secure = (SSLSocket)
                context(seen, client).getSocketFactory().createSocket(socket, target.name(), target.port(), true)) {
            SSLParameters parameters = secure.getSSLParameters();
            if (HostNames.address(target.name()) == null) {
                parameters.setServerNames(List.of(serverName(target.name())));
            }
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return new WireResult.Seen(
                    target,
                    seen.chain(),
                    secure.getSession().getProtocol(),
                    secure.getSession().getCipherSuite(),
                    check(target, seen.chain()),
                    client.asked(),
                    null);
        }
    }

    private static SNIHostName serverName(String host) throws ProtocolException {
        try {
            return new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("the host name cannot be put into a handshake (expected: RFC 6066)");
        }
    }

    private ChainCheck check(WireTarget target, List<X509Certificate> chain) {
        return ChainCheck.of(chain, anchors, target.name(), clock.instant());
    }

    private static SSLContext context(RecordingTrustManager seen, NoClientCertificate client) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {client}, new TrustManager[] {seen}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK speaks TLS", e);
        }
    }

    private WireResult failed(
            WireTarget target, RecordingTrustManager seen, NoClientCertificate client, TlsDiagnosis diagnosis) {
        return seen.chain().isEmpty()
                ? new WireResult.Failed(target, diagnosis.reason(), diagnosis.detail())
                : new WireResult.Seen(
                        target, seen.chain(), "", "", check(target, seen.chain()), client.asked(), diagnosis);
    }

    private TlsDiagnosis diagnose(IOException failure, boolean late) {
        if (late || failure instanceof SocketTimeoutException) {
            return new TlsDiagnosis(TlsReason.TIMEOUT, "no answer within " + timeout.toMillis() + " ms");
        }
        if (failure instanceof ProtocolException) {
            return new TlsDiagnosis(TlsReason.PLAINTEXT, String.valueOf(failure.getMessage()));
        }
        if (failure instanceof EOFException) {
            return new TlsDiagnosis(TlsReason.CLOSED, "the peer closed the connection before the handshake");
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return new TlsDiagnosis(TlsReason.REFUSED, "no connection: " + failure.getMessage());
        }
        return TlsDiagnosis.diagnose(failure);
    }
}
