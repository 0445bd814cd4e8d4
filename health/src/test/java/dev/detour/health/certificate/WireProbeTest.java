package dev.detour.health.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.certificate.ChainDefect.Kind;
import dev.detour.health.certificate.WireTarget.Protocol;
import dev.detour.health.tls.TlsReason;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireProbeTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final byte[] LDAP_SUCCESS = {0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 0, 4, 0, 4, 0};
    private static final byte[] LDAP_REFUSAL = {0x30, 0x0c, 2, 1, 1, 0x78, 7, 0x0a, 1, 52, 4, 0, 4, 0};

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @SuppressWarnings("NullAway.Init")
    private ServerSocket server;

    /** What a server says before the handshake; false if there is to be none. */
    private interface Talk {
        boolean hold(InputStream in, OutputStream out) throws IOException;
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private void serve(TestIdentity identity, Talk talk) {
        threads.execute(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    if (talk.hold(socket.getInputStream(), socket.getOutputStream())) {
                        shake(identity, socket);
                    }
                } catch (IOException e) {
                    // the client has seen enough, or the test is over
                }
            }
        });
    }

    private static void shake(TestIdentity identity, Socket socket) throws IOException {
        try (SSLSocket secure =
                (SSLSocket) identity.serverContext().getSocketFactory().createSocket(socket, "client", 0, true)) {
            secure.setUseClientMode(false);
            secure.startHandshake();
            secure.getInputStream().read();
        }
    }

    private WireTarget target(Protocol protocol) {
        return new WireTarget(protocol, "localhost", server.getLocalPort());
    }

    private static WireResult probe(WireTarget target, Duration timeout) {
        return new WireProbe(List.of(CERTIFICATES.ca()), timeout, Clock.systemUTC()).probe(target);
    }

    private static WireResult probe(WireTarget target) {
        return probe(target, Duration.ofSeconds(10));
    }

    private static void assertFailed(WireResult result, TlsReason reason, String detail) {
        assertThat(result).isInstanceOfSatisfying(WireResult.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.detail()).contains(detail);
        });
    }

    @Test
    void aGoodServerIsSeenWithProtocolAndCipher() {
        serve(CERTIFICATES.throughIntermediate(), (in, out) -> true);

        WireResult result = probe(target(Protocol.TLS));

        assertThat(result).isInstanceOfSatisfying(WireResult.Seen.class, seen -> {
            assertThat(seen.chain()).hasSize(2);
            assertThat(seen.protocol()).isEqualTo("TLSv1.3");
            assertThat(seen.cipher()).startsWith("TLS_");
            assertThat(seen.check().defects()).isEmpty();
            assertThat(seen.trouble()).isNull();
        });
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken(TestCertificates::expired, Kind.EXPIRED),
                broken(TestCertificates::notYetValid, Kind.NOT_YET_VALID),
                broken(TestCertificates::selfSigned, Kind.UNTRUSTED),
                broken(TestCertificates::wrongHost, Kind.HOSTNAME_MISMATCH),
                broken(TestCertificates::missingIntermediate, Kind.MISSING_INTERMEDIATE),
                broken(TestCertificates::wrongUsage, Kind.WRONG_USAGE),
                broken(TestCertificates::expiredIntermediate, Kind.EXPIRED),
                broken(TestCertificates::weakIntermediate, Kind.WEAK_KEY),
                broken(TestCertificates::expiredUntrusted, Kind.EXPIRED, Kind.MISSING_INTERMEDIATE));
    }

    private static Arguments broken(Function<TestCertificates, TestIdentity> identity, Kind... kinds) {
        return Arguments.of(identity.apply(CERTIFICATES), List.of(kinds));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aChainThatNobodyAcceptsIsSeenWithAllItsDefects(TestIdentity identity, List<Kind> kinds) {
        serve(identity, (in, out) -> true);

        WireResult result = probe(target(Protocol.TLS));

        assertThat(result)
                .isInstanceOfSatisfying(
                        WireResult.Seen.class,
                        seen -> assertThat(seen.check().defects())
                                .extracting(ChainDefect::kind)
                                .containsExactlyElementsOf(kinds));
    }

    @Test
    void aServerThatWantsAClientCertificateIsSeenAllTheSame() {
        TestIdentity identity = CERTIFICATES.server();
        threads.execute(() -> {
            try (Socket socket = server.accept();
                    SSLSocket secure = (SSLSocket)
                            identity.serverContext().getSocketFactory().createSocket(socket, "client", 0, true)) {
                secure.setUseClientMode(false);
                secure.setEnabledProtocols(new String[] {"TLSv1.2"});
                secure.setNeedClientAuth(true);
                secure.startHandshake();
            } catch (IOException e) {
                // as it should: there was no client certificate
            }
        });

        WireResult result = probe(target(Protocol.TLS));

        assertThat(result).isInstanceOfSatisfying(WireResult.Seen.class, seen -> {
            assertThat(seen.check().defects()).isEmpty();
            assertThat(seen.wantsClientCertificate()).isTrue();
        });
    }

    @Test
    void aServerThatDripsBytesTimesOut() {
        serve(CERTIFICATES.server(), (in, out) -> {
            // each line comes at once, and there is always another one
            while (true) {
                out.write("220-wait\r\n".getBytes(StandardCharsets.US_ASCII));
                if (in.available() > 0) {
                    return false;
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        });

        assertFailed(probe(target(Protocol.SMTP), Duration.ofMillis(300)), TlsReason.TIMEOUT, "within 300 ms");
    }

    @Test
    void everyLookIsAFullHandshake() {
        serve(CERTIFICATES.server(), (in, out) -> true);

        WireResult first = probe(target(Protocol.TLS));
        WireResult second = probe(target(Protocol.TLS));

        assertThat(first).isInstanceOf(WireResult.Seen.class);
        assertThat(second)
                .isInstanceOfSatisfying(
                        WireResult.Seen.class, seen -> assertThat(seen.chain()).hasSize(1));
    }

    @Test
    void smtpIsAskedForTls() {
        serve(CERTIFICATES.server(), smtp("250-mail.example\r\n250-SIZE 1000\r\n250 STARTTLS\r\n", "220 go ahead\r\n"));

        assertThat(probe(target(Protocol.SMTP))).isInstanceOf(WireResult.Seen.class);
    }

    @Test
    void smtpWithoutStartTlsIsToldInWords() {
        serve(CERTIFICATES.server(), smtp("250-mail.example\r\n250 SIZE 1000\r\n", ""));

        assertFailed(probe(target(Protocol.SMTP)), TlsReason.PLAINTEXT, "does not offer STARTTLS");
    }

    @Test
    void smtpThatRefusesIsToldInWords() {
        serve(CERTIFICATES.server(), smtp("250 STARTTLS\r\n", "454 not now\r\n"));

        assertFailed(probe(target(Protocol.SMTP)), TlsReason.PLAINTEXT, "answer to STARTTLS is 454");
    }

    private static Talk smtp(String capabilities, String answer) {
        return (in, out) -> {
            out.write("220-mail.example\r\n220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(line(in)).startsWith("EHLO ");
            out.write(capabilities.getBytes(StandardCharsets.US_ASCII));
            if (!"STARTTLS".equals(line(in))) {
                return false;
            }
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            return answer.startsWith("220");
        };
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @ParameterizedTest
    @CsvSource({"S, true", "N, false", "X, false"})
    void postgresIsAskedForTls(char answer, boolean seen) {
        serve(CERTIFICATES.server(), (in, out) -> {
            assertThat(in.readNBytes(8)).containsExactly(0, 0, 0, 8, 4, 210, 22, 47);
            out.write(answer);
            return answer == 'S';
        });

        WireResult result = probe(target(Protocol.POSTGRES));

        assertThat(result).isInstanceOf(seen ? WireResult.Seen.class : WireResult.Failed.class);
    }

    @Test
    void ldapIsAskedForTls() {
        serve(CERTIFICATES.server(), ldap(LDAP_SUCCESS));

        assertThat(probe(target(Protocol.LDAP))).isInstanceOf(WireResult.Seen.class);
    }

    @Test
    void ldapThatRefusesIsToldInWords() {
        serve(CERTIFICATES.server(), ldap(LDAP_REFUSAL));

        assertFailed(probe(target(Protocol.LDAP)), TlsReason.PLAINTEXT, "refuses StartTLS with result 52");
    }

    private static Talk ldap(byte[] answer) {
        return (in, out) -> {
            byte[] request = in.readNBytes(31);
            assertThat(new String(request, StandardCharsets.ISO_8859_1)).endsWith("1.3.6.1.4.1.1466.20037");
            assertThat(request[1]).isEqualTo((byte) 29);
            out.write(answer);
            return answer[9] == 0;
        };
    }

    @Test
    void nobodyListeningIsRefused() throws IOException {
        WireTarget target = target(Protocol.TLS);
        server.close();

        assertFailed(probe(target), TlsReason.REFUSED, "no connection");
    }

    @Test
    void aServerThatSaysNothingTimesOut() {
        // the connection is accepted by the kernel, and by nobody else
        assertFailed(probe(target(Protocol.TLS), Duration.ofMillis(200)), TlsReason.TIMEOUT, "no answer within 200 ms");
    }

    @Test
    void aServerWithoutTlsIsAFailure() {
        serve(CERTIFICATES.server(), (in, out) -> {
            out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.read();
            return false;
        });

        assertThat(probe(target(Protocol.TLS))).isInstanceOf(WireResult.Failed.class);
    }

    @Test
    void aServerThatHangsUpIsAFailure() {
        serve(CERTIFICATES.server(), (in, out) -> false);

        assertThat(probe(target(Protocol.SMTP))).isInstanceOf(WireResult.Failed.class);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            example.org:443,          TLS,      example.org, 443,  example.org:443
            https://example.org:443/, TLS,      example.org, 443,  example.org:443
            [::1]:8443,               TLS,      ::1,         8443, [::1]:8443
            smtp://mail:25,           SMTP,     mail,        25,   smtp://mail:25
            postgres://db:5432,       POSTGRES, db,          5432, postgres://db:5432
            ldap://[fe80::1]:389,     LDAP,     fe80::1,     389,  ldap://[fe80::1]:389
            """)
    void aTargetIsReadAsPeopleWriteIt(String text, Protocol protocol, String host, int port, String shown) {
        WireTarget target = WireTarget.parse(text);

        assertThat(target).isEqualTo(new WireTarget(protocol, host, port)).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "example.org", "example.org:0", "example.org:65536", "gopher://a:70", "/etc/a:1", "a:b"})
    void whatIsNoTargetIsNone(String text) {
        assertThat(WireTarget.parse(text)).isNull();
    }
}
