package dev.detour.health.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.failure.AttemptPhase;
import dev.detour.health.failure.FailureClassifier;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import dev.detour.testkit.TlsProgram;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsDiagnosisTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.create();
    private static final List<SslProvider> PROVIDERS = List.of(SslProvider.JDK, SslProvider.OPENSSL);
    private static final long PATIENT = 5_000;

    private final TlsPeer peer = new TlsPeer();

    @TempDir
    private Path directory = Path.of(".");

    /** A certificate with one defect, and the reason expected. */
    private record Defect(String name, TlsReason reason, Function<TestCertificates, TestIdentity> identity) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Defect> DEFECTS = List.of(
            new Defect("expired", TlsReason.EXPIRED, TestCertificates::expired),
            new Defect("expired intermediate", TlsReason.EXPIRED, TestCertificates::expiredIntermediate),
            new Defect("not yet valid", TlsReason.NOT_YET_VALID, TestCertificates::notYetValid),
            new Defect("untrusted", TlsReason.UNTRUSTED, TestCertificates::untrusted),
            new Defect("expired untrusted", TlsReason.UNTRUSTED, TestCertificates::expiredUntrusted),
            new Defect("self signed", TlsReason.UNTRUSTED, TestCertificates::selfSigned),
            new Defect("missing intermediate", TlsReason.UNTRUSTED, TestCertificates::missingIntermediate),
            new Defect("wrong host", TlsReason.HOSTNAME_MISMATCH, TestCertificates::wrongHost),
            new Defect("wrong usage", TlsReason.WRONG_USAGE, TestCertificates::wrongUsage),
            new Defect("weak intermediate", TlsReason.WEAK_ALGORITHM, TestCertificates::weakIntermediate));

    @BeforeAll
    static void boringSslIsThere() throws Throwable {
        if (!OpenSsl.isAvailable()) {
            throw OpenSsl.unavailabilityCause();
        }
    }

    @AfterEach
    void stop() {
        peer.close();
    }

    static Stream<Arguments> defects() {
        return PROVIDERS.stream().flatMap(provider -> DEFECTS.stream().map(defect -> Arguments.of(provider, defect)));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defectIsToldWithTheChainAtHand(SslProvider provider, Defect defect) throws Exception {
        TestIdentity identity = defect.identity().apply(CERTIFICATES);
        X509ExtendedTrustManager trust = new PeerChainTrustManager(TlsPeer.trust(CERTIFICATES.ca()));
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext())) {

            Throwable failure = peer.failure(backend.port(), client(provider, trust), "localhost", PATIENT);

            TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(failure);
            assertThat(diagnosis.reason()).isEqualTo(defect.reason());
            assertThat(diagnosis.detail()).contains("CN=").contains(", valid 2").doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @MethodSource("defects")
    void defectIsToldFromTheExceptionAlone(SslProvider provider, Defect defect) throws Exception {
        TestIdentity identity = defect.identity().apply(CERTIFICATES);
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext())) {

            Throwable failure = peer.failure(
                    backend.port(), client(provider, TlsPeer.trust(CERTIFICATES.ca())), "localhost", PATIENT);

            assertThat(TlsDiagnosis.of(failure)).isEqualTo(defect.reason());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void weakKeyOfTheServerItselfIsTold(SslProvider provider) throws Exception {
        // only RSA PKCS#1 of TLS 1.2 fits into 512 bits
        int port = peer.serve(
                CERTIFICATES.weakKey(),
                server -> server.sslProvider(SslProvider.JDK).protocols("TLSv1.2"));

        Throwable failure = peer.failure(port, client(provider), "localhost", PATIENT);

        assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.WEAK_ALGORITHM);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void expiredIntermediateIsNamedAndNotTheLeaf(SslProvider provider) throws Exception {
        try (FakeBackend backend =
                FakeBackend.tls(CERTIFICATES.expiredIntermediate().serverContext())) {

            Throwable failure = peer.failure(backend.port(), client(provider), "localhost", PATIENT);

            assertThat(TlsDiagnosis.diagnose(failure).detail())
                    .startsWith("server certificate has expired: ")
                    .contains("CN=Test Intermediate");
        }
    }

    static Stream<Arguments> greetings() {
        return PROVIDERS.stream()
                .flatMap(provider -> Stream.of(
                        Arguments.of(provider, Greeting.CLOSE_AFTER_FIRST_BYTES, TlsReason.CLOSED),
                        Arguments.of(provider, Greeting.RESET_AFTER_FIRST_BYTES, TlsReason.RESET),
                        Arguments.of(provider, Greeting.PLAINTEXT, TlsReason.PLAINTEXT)));
    }

    @ParameterizedTest
    @MethodSource("greetings")
    void peerThatDoesNotShakeHandsIsTold(SslProvider provider, Greeting greeting, TlsReason reason) throws Exception {
        try (FakeBackend backend =
                FakeBackend.tls(CERTIFICATES.server().serverContext()).greet(greeting)) {

            Throwable failure = peer.failure(backend.port(), client(provider), "localhost", PATIENT);

            TlsDiagnosis diagnosis = TlsDiagnosis.diagnose(failure);
            assertThat(diagnosis.reason()).isEqualTo(reason);
            assertThat(diagnosis.detail()).doesNotContain("485454502f"); // "HTTP/" in hex, as Netty's message has it
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void garbageIsToldFromATlsPeer(SslProvider provider) throws Exception {
        try (FakeBackend backend =
                FakeBackend.tls(CERTIFICATES.server().serverContext()).greet(Greeting.GARBAGE)) {

            Throwable failure = peer.failure(backend.port(), client(provider), "localhost", PATIENT);

            assertThat(TlsDiagnosis.of(failure)).isIn(TlsReason.PLAINTEXT, TlsReason.BAD_RECORD);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void silentPeerIsATimeout(SslProvider provider) throws Exception {
        try (FakeBackend backend =
                FakeBackend.tls(CERTIFICATES.server().serverContext()).greet(Greeting.HANG)) {

            Throwable failure = peer.failure(backend.port(), client(provider), "localhost", 200);

            assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.TIMEOUT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void refusedConnectionIsTold(SslProvider provider) throws Exception {
        try (FakeBackend backend = FakeBackend.clear()) {
            backend.refuse();

            Throwable failure = peer.failure(backend.port(), client(provider), "localhost", PATIENT);

            assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.REFUSED);
            assertThat(FailureClassifier.classify(failure, AttemptPhase.CONNECT).label())
                    .isEqualTo("refused");
        }
    }

    static Stream<Arguments> pairs() {
        return PROVIDERS.stream().flatMap(client -> PROVIDERS.stream().map(server -> Arguments.of(client, server)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noCommonProtocolVersionIsTold(SslProvider client, SslProvider server) throws Exception {
        int port = serve(server, builder -> builder.protocols("TLSv1.2"));

        Throwable failure = failure(client, port, builder -> builder.protocols("TLSv1.3"));

        assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.PROTOCOL_VERSION);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void noCommonCipherIsTold(SslProvider client, SslProvider server) throws Exception {
        int port = serve(
                server,
                builder -> builder.protocols("TLSv1.2").ciphers(List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")));

        Throwable failure = failure(
                client,
                port,
                builder -> builder.protocols("TLSv1.2").ciphers(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")));

        assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.CIPHER);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void serverThatInsistsOnAnotherProtocolIsTold(SslProvider client) throws Exception {
        int port = serve(
                SslProvider.JDK,
                builder -> builder.applicationProtocolConfig(alpn(SelectorFailureBehavior.FATAL_ALERT, "h2")));

        Throwable failure = failure(
                client,
                port,
                builder -> builder.applicationProtocolConfig(alpn(SelectorFailureBehavior.NO_ADVERTISE, "http/1.1")));

        assertThat(TlsDiagnosis.of(failure)).isEqualTo(TlsReason.ALPN);
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "OPENSSL"})
    void nginxThatInsistsOnAnotherProtocolIsTold(SslProvider client) throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            try (TlsProgram nginx =
                    TlsProgram.nginx(directory, CERTIFICATES.server(), "ssl_protocols " + version + ";")) {
                Throwable failure = failure(
                        client,
                        nginx.port(),
                        builder -> builder.applicationProtocolConfig(alpn(SelectorFailureBehavior.NO_ADVERTISE, "h2")));

                assertThat(TlsDiagnosis.of(failure)).as(version).isEqualTo(TlsReason.ALPN);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void missingClientCertificateIsToldAtTheFirstReadOfTls13(SslProvider client, SslProvider server) throws Exception {
        int port = serve(server, builder -> insisting(builder).protocols("TLSv1.3"));

        Throwable failure = failure(client, port, builder -> builder.protocols("TLSv1.3"));

        assertThat(FailureClassifier.classify(failure, AttemptPhase.BEFORE_ANSWER)
                        .label())
                .isEqualTo("tls_client_cert_rejected");
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void expiredClientCertificateIsToldInTls12(SslProvider client, SslProvider server) throws Exception {
        int port = serve(server, builder -> insisting(builder).protocols("TLSv1.2"));
        TestIdentity expired = CERTIFICATES.expiredClient();

        Throwable failure = failure(
                client, port, builder -> builder.protocols("TLSv1.2").keyManager(expired.key(), expired.leaf()));

        assertThat(FailureClassifier.classify(failure, AttemptPhase.HANDSHAKE).label())
                .isEqualTo("tls_client_cert_rejected");
    }

    private int serve(SslProvider provider, UnaryOperator<SslContextBuilder> settings) throws Exception {
        return peer.serve(CERTIFICATES.server(), builder -> settings.apply(builder.sslProvider(provider)));
    }

    private Throwable failure(SslProvider provider, int port, UnaryOperator<SslContextBuilder> settings)
            throws Exception {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(provider).trustManager(CERTIFICATES.ca());
        return peer.failure(port, settings.apply(builder).build(), "localhost", PATIENT);
    }

    private static SslContextBuilder insisting(SslContextBuilder server) {
        return server.clientAuth(ClientAuth.REQUIRE).trustManager(CERTIFICATES.ca());
    }

    private static ApplicationProtocolConfig alpn(SelectorFailureBehavior behavior, String protocol) {
        return new ApplicationProtocolConfig(Protocol.ALPN, behavior, SelectedListenerFailureBehavior.ACCEPT, protocol);
    }

    private static SslContext client(SslProvider provider) throws Exception {
        return client(provider, new PeerChainTrustManager(TlsPeer.trust(CERTIFICATES.ca())));
    }

    private static SslContext client(SslProvider provider, X509ExtendedTrustManager trust) throws Exception {
        return SslContextBuilder.forClient()
                .sslProvider(provider)
                .trustManager(trust)
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
    }
}
