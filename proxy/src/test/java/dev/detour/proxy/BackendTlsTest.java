package dev.detour.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.detour.health.endpoint.EndpointStatus;
import dev.detour.health.endpoint.Standing;
import dev.detour.health.failure.Failure;
import dev.detour.testkit.Answer;
import dev.detour.testkit.FakeBackend;
import dev.detour.testkit.Greeting;
import dev.detour.testkit.RawResponse;
import dev.detour.testkit.TestCertificates;
import dev.detour.testkit.TestIdentity;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with backends, under both engines: a certificate that may not be trusted diverts, and no request byte is sent. */
class BackendTlsTest {
    private static final String PROVIDER = "detour.tls.provider";
    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private final @Nullable String before = System.getProperty(PROVIDER);
    private final StubMirror mirror = StubMirror.page();

    @TempDir
    Path directory = Path.of(".");

    @AfterEach
    void restoreProvider() {
        if (before == null) {
            System.clearProperty(PROVIDER);
        } else {
            System.setProperty(PROVIDER, before);
        }
    }

    private RunningProxy proxyTo(FakeBackend first, FakeBackend... others) throws Exception {
        ProxyDescription description = RunningProxy.with().endpoints(first);
        for (FakeBackend other : others) {
            description.thenEndpoint(other);
        }
        return description
                .trust(CERTIFICATES.writeCa(directory))
                .attempts(2)
                .mirror(mirror)
                .start();
    }

    static Stream<Arguments> defects() {
        return Stream.of("jdk", "openssl")
                .flatMap(engine -> Stream.of(
                        defect(engine, "tls_expired", TestCertificates::expired),
                        defect(engine, "tls_not_yet_valid", TestCertificates::notYetValid),
                        defect(engine, "tls_untrusted", TestCertificates::untrusted),
                        defect(engine, "tls_untrusted", TestCertificates::selfSigned),
                        defect(engine, "tls_hostname_mismatch", TestCertificates::wrongHost)));
    }

    private static Arguments defect(String engine, String label, Function<TestCertificates, TestIdentity> identity) {
        return Arguments.of(engine, label, identity.apply(CERTIFICATES));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("defects")
    void aBadCertificateIsDivertedAndNamed(String engine, String label, TestIdentity identity) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext());
                RunningProxy proxy = proxyTo(backend)) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("mirror");
            assertThat(proxy.accessLine("/simple/x/")).contains("reason=" + label + " ");
            assertThat(backend.heads()).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("defects")
    void anEndpointWithAGoodCertificateAnswersInstead(String engine, String label, TestIdentity identity)
            throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(identity.serverContext());
                FakeBackend healthy = FakeBackend.tls(CERTIFICATES.server().serverContext());
                RunningProxy proxy = proxyTo(backend, healthy)) {
            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.header("detour-source")).isEqualTo("backend");
            assertThat(proxy.attempts(label)).isEqualTo(1);
            EndpointStatus rejected = proxy.backend().status().endpoints().get(0);
            assertThat(rejected.standing()).isEqualTo(Standing.REJECTED);
            assertThat(rejected.failure())
                    .extracting(Failure::detail)
                    .asString()
                    .contains("CN=");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void aGoodCertificateIsAcceptedAndTheConnectionKept(String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext());
                RunningProxy proxy = proxyTo(backend)) {
            assertThat(proxy.get("/simple/x/").text()).isEqualTo("ok\n");
            assertThat(proxy.get("/simple/y/").text()).isEqualTo("ok\n");

            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void aDeadIdleConnectionOverTlsIsReplacedOnce(String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext());
                RunningProxy proxy = proxyTo(backend)) {
            proxy.get("/simple/x/");
            backend.answerNext(Answer.closeBeforeHead());

            assertThat(proxy.get("/simple/y/").text()).isEqualTo("ok\n");

            assertThat(backend.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void aPeerThatDoesNotSpeakTlsIsDiverted(String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        for (Greeting greeting : new Greeting[] {
            Greeting.RESET, Greeting.RESET_AFTER_FIRST_BYTES, Greeting.CLOSE, Greeting.PLAINTEXT, Greeting.GARBAGE
        }) {
            try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext());
                    RunningProxy proxy = proxyTo(backend)) {
                backend.greet(greeting);

                RawResponse response = proxy.get("/simple/x/");

                assertThat(response.header("detour-source")).as(greeting.name()).isEqualTo("mirror");
                assertThat(proxy.accessLine("/simple/x/")).contains("reason=");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk", "openssl"})
    void anAnswerThatEndsWithoutCloseNotifyIsNotTakenForWhole(String engine) throws Exception {
        System.setProperty(PROVIDER, engine);
        try (FakeBackend backend = FakeBackend.tls(CERTIFICATES.server().serverContext());
                RunningProxy proxy = proxyTo(backend)) {
            backend.answer(Answer.closeAfter(
                    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nanyone could have cut this here"));

            RawResponse response = proxy.get("/simple/x/");

            assertThat(response.complete() && "backend".equals(response.header("detour-source")))
                    .as(response.toString())
                    .isFalse();
        }
    }
}
