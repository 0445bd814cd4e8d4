package dev.detour.health.probe;

import static dev.detour.health.probe.ProbeRig.probe;
import static dev.detour.health.probe.ProbeRig.secure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.config.BackendConfig.ProbeKind;
import dev.detour.health.failure.Failure;
import dev.detour.health.probe.ProbeRig.Heard;
import dev.detour.health.tls.TlsServer;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsProbeTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final List<SslProvider> PROVIDERS = List.of(SslProvider.JDK, SslProvider.OPENSSL);
    private static final List<ProbeKind> KINDS = List.of(ProbeKind.TLS, ProbeKind.HTTP);
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");
    private static final Duration SHORT = Duration.ofMillis(300);

    private final ProbeRig rig = new ProbeRig();

    @BeforeAll
    static void boringSslIsThere() throws Throwable {
        if (!OpenSsl.isAvailable()) {
            throw OpenSsl.unavailabilityCause();
        }
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private static TlsClients clients(SslProvider provider, String... protocols) {
        return new TlsClients(
                provider, CERTIFICATES.ca(), protocols.length == 0 ? new String[] {"TLSv1.2", "TLSv1.3"} : protocols);
    }

    static Stream<Arguments> kinds() {
        return KINDS.stream()
                .flatMap(kind -> PROVIDERS.stream()
                        .flatMap(provider -> VERSIONS.stream().map(version -> Arguments.of(kind, provider, version))));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void goodEndpointIsUpAndNothingIsLeft(ProbeKind kind, SslProvider provider, String version) throws Exception {
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext())) {
            TlsClients clients = clients(provider, version);

            assertThat(rig.outcome(secure(backend.port(), probe(kind), clients)))
                    .isEqualTo("ok");

            backend.awaitOpenConnections(0, ProbeRig.PATIENT);
            rig.loop.schedule(() -> {}, 50, TimeUnit.MILLISECONDS).sync();
            assertThat(clients.made()).hasSize(1);
            assertThat(clients.held()).isZero();
        }
    }

    private record Defect(String label, Function<TestCertificates, TestIdentity> identity) {}

    private static final List<Defect> DEFECTS = List.of(
            new Defect("tls_expired", TestCertificates::expired),
            new Defect("tls_expired", TestCertificates::expiredIntermediate),
            new Defect("tls_not_yet_valid", TestCertificates::notYetValid),
            new Defect("tls_untrusted", TestCertificates::untrusted),
            new Defect("tls_untrusted", TestCertificates::selfSigned),
            new Defect("tls_untrusted", TestCertificates::missingIntermediate),
            new Defect("tls_hostname_mismatch", TestCertificates::wrongHost),
            new Defect("tls_wrong_usage", TestCertificates::wrongUsage),
            new Defect("tls_weak_algorithm", TestCertificates::weakIntermediate));

    static Stream<Arguments> defects() {
        return DEFECTS.stream()
                .flatMap(defect -> PROVIDERS.stream()
                        .flatMap(provider ->
                                KINDS.stream().map(kind -> Arguments.of(defect.label(), kind, provider, defect))));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("defects")
    void defectOfTheCertificateIsTold(String label, ProbeKind kind, SslProvider provider, Defect defect)
            throws Exception {
        TestIdentity identity = defect.identity().apply(CERTIFICATES);
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext())) {

            assertThat(rig.outcome(secure(backend.port(), probe(kind), clients(provider))))
                    .isEqualTo(label);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void expiredCertificateIsNamedWithItsDates(SslProvider provider) throws Exception {
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.expired().serverContext())) {

            Failure failure = rig.first(secure(backend.port(), probe(ProbeKind.TLS), clients(provider)))
                    .failure();

            assertThat(failure.detail())
                    .matches(
                            "server certificate has expired: CN=expired,O=Detour test, serial [0-9a-f]+, valid .* to .*");
        }
    }

    static Stream<Arguments> greetings() {
        return PROVIDERS.stream()
                .flatMap(provider -> Stream.of(
                        Arguments.of(provider, Greeting.CLOSE_AFTER_FIRST_BYTES, "tls_closed"),
                        Arguments.of(provider, Greeting.RESET_AFTER_FIRST_BYTES, "tls_reset"),
                        Arguments.of(provider, Greeting.PLAINTEXT, "tls_plaintext"),
                        Arguments.of(provider, Greeting.HANG, "tls_timeout")));
    }

    @ParameterizedTest
    @MethodSource("greetings")
    void peerThatDoesNotShakeHandsIsTold(SslProvider provider, Greeting greeting, String label) throws Exception {
        try (FakeBackend backend =
                FakeBackend.tls(CERTIFICATES.server().serverContext()).greet(greeting)) {
            var probe = probe(ProbeKind.TLS, ProbeRig.SELDOM, Duration.ofMillis(800));

            assertThat(rig.outcome(secure(backend.port(), probe, clients(provider))))
                    .isEqualTo(label);
        }
    }

    @Test
    void endWithoutAGoodbyeInsideABodyIsTruncation() throws Exception {
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext())) {
            backend.answer(Answer.closeAfter("HTTP/1.1 200 OK\r\n\r\nhalf a bo"));

            assertThat(rig.outcome(secure(backend.port(), probe(ProbeKind.HTTP), clients(SslProvider.JDK))))
                    .isEqualTo("truncated");
        }
    }

    static Stream<Arguments> pairs() {
        return PROVIDERS.stream()
                .flatMap(client -> PROVIDERS.stream()
                        .flatMap(server -> VERSIONS.stream().map(version -> Arguments.of(client, server, version))));
    }

    private TlsServer server(SslProvider provider, UnaryOperator<SslContextBuilder> settings) throws Exception {
        return new TlsServer(rig.loop, CERTIFICATES.server(), builder -> settings.apply(builder.sslProvider(provider)));
    }

    private static SslContextBuilder insisting(SslContextBuilder server) {
        return server.clientAuth(ClientAuth.REQUIRE).trustManager(CERTIFICATES.ca());
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tlsProbeSeesThatOurCertificateIsRefused(SslProvider client, SslProvider server, String version)
            throws Exception {
        try (TlsServer peer = server(server, TlsProbeTest::insisting)) {
            TlsClients expired = clients(client, version).showing(CERTIFICATES.expiredClient());

            assertThat(rig.outcome(secure(peer.port(), probe(ProbeKind.TLS), expired)))
                    .isEqualTo("tls_client_cert_rejected");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void tlsProbeSeesThatOurCertificateIsAccepted(SslProvider client, SslProvider server, String version)
            throws Exception {
        try (TlsServer peer = server(server, TlsProbeTest::insisting)) {
            TlsClients good = clients(client, version).showing(CERTIFICATES.client());

            assertThat(rig.outcome(secure(peer.port(), probe(ProbeKind.TLS), good)))
                    .isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void httpProbeSeesThatOurCertificateIsMissing(SslProvider client, SslProvider server, String version)
            throws Exception {
        try (TlsServer peer = server(server, TlsProbeTest::insisting)) {
            String outcome = rig.outcome(secure(peer.port(), probe(ProbeKind.HTTP), clients(client, version)));

            // also where the alert is handshake_failure, as BoringSSL's is to a TLS 1.2 client
            assertThat(outcome).isEqualTo("tls_client_cert_rejected");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void serverThatNeitherObjectsNorClosesIsUpAfterAMoment(SslProvider client) throws Exception {
        try (ServerSocket peer = CERTIFICATES
                .server()
                .serverContext()
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> shaken = CompletableFuture.supplyAsync(() -> shakeHands(peer));
            TlsClients clients = clients(client, "TLSv1.3");
            long start = System.nanoTime();

            Heard heard = rig.first(secure(peer.getLocalPort(), probe(ProbeKind.TLS), clients));

            assertThat(heard.probe()).isEqualTo("ok");
            assertThat(System.nanoTime() - start).isBetween(250_000_000L, 2_500_000_000L);
            shaken.join().close();
        }
    }

    /** And no more: the client's goodbye is not even read. */
    private static Socket shakeHands(ServerSocket server) {
        try {
            Socket socket = server.accept();
            ((SSLSocket) socket).startHandshake();
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void ourOwnFileThatCannotBeUsedIsNamed() throws Exception {
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext())) {
            SslContexts broken = () -> {
                throw new IOException("client.key: no such file");
            };

            Failure failure = rig.first(secure(backend.port(), probe(ProbeKind.TLS), broken))
                    .failure();

            assertThat(failure.label()).isEqualTo("tls_other");
            assertThat(failure.detail()).isEqualTo("our own certificate or trust file: client.key: no such file");
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void filesThatHangFailTheirProbesAndNoOthersAndDoNotPileUp() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        List<String> asked = new ArrayList<>();
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext())) {
            Heard stuck = new Heard();
            TlsClients working = clients(SslProvider.OPENSSL);
            SslContexts hung = () -> {
                asked.add("asked");
                hanging.await();
                return working.fresh();
            };
            var probe = probe(ProbeKind.TLS, Duration.ofMillis(20), SHORT);
            rig.prober.watch(secure(backend.port(), probe, hung), stuck);

            assertThat(rig.outcome(secure(backend.port(), probe(ProbeKind.TLS), working)))
                    .isEqualTo("ok");
            assertThat(List.of(stuck.probe(), stuck.probe())).containsOnly("tls_other");
            assertThat(stuck.failure().detail())
                    .isEqualTo("our own certificate or trust file: not read within the probe's timeout of 300 ms");
            assertThat(asked).hasSize(1);

            hanging.countDown();
            Stream<String> later = Stream.generate(() -> {
                try {
                    return stuck.probe();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(later.limit(100).anyMatch("ok"::equals)).isTrue();
        }
    }

    /** The reason for a fresh context a probe, in eight watches at once. */
    @Test
    void certificateThatExpiresWhileProbedIsFoundAndWouldBeMissedByAContextThatIsKept() throws Exception {
        Instant now = Clock.systemUTC().instant();
        TestIdentity shortLived =
                CERTIFICATES.issue(CERTIFICATES.request().withValidity(now.minusSeconds(3600), now.plusSeconds(4)));
        List<SslContext> kept = new ArrayList<>();
        List<Heard> fresh = new ArrayList<>();
        List<Heard> resuming = new ArrayList<>();
        try (FakeBackend backend = FakeBackend.tls(shortLived.serverContext())) {
            var probe = probe(ProbeKind.HTTP, Duration.ofMillis(200), ProbeRig.PATIENT);
            for (SslProvider provider : PROVIDERS) {
                for (String version : VERSIONS) {
                    TlsClients clients = clients(provider, version);
                    Heard finding = new Heard();
                    fresh.add(finding);
                    rig.prober.watch(secure(backend.port(), probe, clients), finding);

                    SslContext context = clients.fresh();
                    kept.add(context);
                    Heard missing = new Heard();
                    resuming.add(missing);
                    rig.prober.watch(secure(backend.port(), probe, () -> ReferenceCountUtil.retain(context)), missing);
                }
            }

            for (Heard each : fresh) {
                assertThat(each.verdict()).isEqualTo("UP");
                assertThat(each.verdict()).isEqualTo("DOWN tls_expired");
            }
            for (Heard each : resuming) {
                each.probes.clear();
                assertThat(List.of(each.probe(), each.probe())).containsOnly("ok");
            }
        } finally {
            kept.forEach(ReferenceCountUtil::release);
        }
    }
}
